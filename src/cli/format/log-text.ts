/**
 * Text for people in a log that GitHub's runner reads for commands: none of its lines is one. The runner takes lines that
 * begin with `::`, after blanks, and the older `##[` anywhere in a line.
 */
export function withoutCommands(text: string): string {
  return text.replace(/##\[/g, '##\ufffd[').replace(/^(\s*):(?=:)/gm, '$1\ufffd:');
}

/** The same where the environment says that the runner reads; other logs stay as they are. */
export function logTextFor(
  env: Readonly<Record<string, string | undefined>>,
): (text: string) => string {
  return env['GITHUB_ACTIONS'] === 'true' ? withoutCommands : (text) => text;
}
