import { byCodePoint } from '../../text/by-code-point.ts';
import { isMap } from '../../text/is-map.ts';

/** A line of a manifest: plain JSON. */
type Line = Readonly<Record<string, unknown>>;

/** What a build made, as its manifest lists it: one line a rule. */
export interface Manifest {
  /** The version of siemc that made it. */
  readonly compiler: string | undefined;
  /** By path below the detections without extension. */
  readonly rules: ReadonlyMap<string, Line>;
  /** What is left of rules that there were, by their ids, or by the same if they had none. */
  readonly removed: ReadonlyMap<string, Line>;
  /** By name: the target, and the files that its rules share. */
  readonly destinations: ReadonlyMap<string, Line>;
}

/** No build. */
export const noManifest: Manifest = {
  compiler: undefined,
  rules: new Map(),
  removed: new Map(),
  destinations: new Map(),
};

/** By what a rule is known: its id, or where it stands if it has none. */
export function nameOf(stem: string, { id }: Line): string {
  return JSON.stringify(typeof id === 'string' ? { id } : { stem });
}

/** Reads a manifest; lines that are none are left out, and of several for one rule the last counts. */
export function readManifest(text: string): Manifest {
  const rules = new Map<string, Line>();
  const removed = new Map<string, Line>();
  const destinations = new Map<string, Line>();
  let compiler: string | undefined;
  for (const line of text.split('\n')) {
    const entry = parse(line);
    if (!isMap(entry)) continue;
    if (typeof entry['compiler'] === 'string') compiler = entry['compiler'];
    if (typeof entry['rule'] === 'string') rules.set(entry['rule'], entry);
    else if (typeof entry['removed'] === 'string')
      removed.set(nameOf(entry['removed'], entry), entry);
    for (const [id, line] of linesIn(entry, 'destinations')) destinations.set(id, line);
  }
  return { compiler, rules, removed, destinations };
}

/** The text of a manifest: a header, then rules and what is left of rules, each sorted. */
export function printManifest({ compiler, rules, removed, destinations }: Manifest): string {
  const header: Line = {
    manifest: 2,
    compiler,
    destinations: Object.fromEntries(destinations),
  };
  const pathOf = (line: Line): string => String(line['rule'] ?? line['removed']);
  const lines = [rules, removed].flatMap((entries) =>
    [...entries]
      .sort(([a, one], [b, other]) => byCodePoint(pathOf(one), pathOf(other)) || byCodePoint(a, b))
      .map(([, line]) => line),
  );
  return [header, ...lines].map((line) => `${JSON.stringify(line, wholeNumbers)}\n`).join('');
}

/** Integers beyond 2^53 are no JSON. */
function wholeNumbers(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

/** What a line says of targets or destinations, by their names. */
export function targetsIn(line: Line): ReadonlyMap<string, Line> {
  return new Map(linesIn(line, 'targets'));
}

function linesIn(line: Line, key: string): readonly (readonly [string, Line])[] {
  const inner = line[key];
  const entries = isMap(inner) ? Object.entries(inner) : [];
  return entries.flatMap(([id, one]) => (isMap(one) ? [[id, one] as const] : []));
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
