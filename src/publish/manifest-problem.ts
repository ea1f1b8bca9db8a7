import { isMap } from '../text/is-map.ts';

/** What is wrong with a manifest, and in which line, counted from 1. */
export interface ManifestProblem {
  readonly line: number;
  readonly message: string;
}

/**
 * Why a manifest doesn't say what was built. Whoever compares builds can do without a line or two; who publishes would take
 * rules for removed ones.
 */
export function manifestProblem(text: string): ManifestProblem | undefined {
  const [head = '', ...lines] = text.split('\n');
  const header = parsed(head);
  if (!isMap(header) || header['manifest'] !== 2)
    return { line: 1, message: 'This is no manifest of the form that this siemc writes.' };
  if (lines.pop() !== '')
    return {
      line: lines.length + 2,
      message: "The manifest isn't whole: its last line has no end.",
    };
  const seen = new Set<string>();
  for (const [index, line] of lines.entries()) {
    const entry = parsed(line);
    const path = isMap(entry) && typeof entry['title'] === 'string' ? pathOf(entry) : undefined;
    if (path === undefined) return { line: index + 2, message: 'This line is no entry of a rule.' };
    if (seen.has(path)) return { line: index + 2, message: 'There is another line for this rule.' };
    seen.add(path);
  }
  return undefined;
}

/** What only one line may be about. */
function pathOf({ rule, removed, id }: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof rule === 'string') return `rule ${rule}`;
  return typeof removed === 'string' ? `removed ${removed} ${id}` : undefined;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
