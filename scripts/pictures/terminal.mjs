// The screen of a terminal as a page.

const colours = { 31: '#ff7b72', 32: '#7ee787', 33: '#e3b341', 36: '#79c0ff' };

/** A page that shows what a command prints, with its colours, below the command. */
export function terminalPage(command, output) {
  const lines = output.replaceAll('\r', '').split('\n').map(paint).join('\n');
  return `<!doctype html><meta charset="utf-8"><style>
body { margin: 0; background: #0d1117; color: #e6edf3; font: 13px/1.45 "DejaVu Sans Mono", monospace; }
pre { margin: 0; padding: 18px 22px; font: inherit; white-space: pre-wrap; }
.prompt { color: #8b949e; } b { font-weight: 700; } .dim { color: #8b949e; }
</style><pre><span class="prompt">$ </span>${asText(command)}\n${lines}</pre>`;
}

function paint(line) {
  let html = '';
  for (const [index, part] of line.split('\u001b[').entries()) {
    const [, code, text] = (index > 0 && /^(\d+)m(.*)$/.exec(part)) || [];
    if (code === undefined) {
      html += asText(part);
      continue;
    }
    if (code === '1') html += '<b>';
    else if (code === '2') html += '<span class="dim">';
    else if (code in colours) html += `<span style="color:${colours[code]}">`;
    else
      html +=
        code === '22' && html.lastIndexOf('<b>') > html.lastIndexOf('<span') ? '</b>' : '</span>';
    html += asText(text);
  }
  return html;
}

function asText(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
