import type { FindingReport } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import { isMap } from '../text/is-map.ts';
import { isAtOrBelow, valueAt } from '../yaml/path.ts';
import type { YamlDocument, YamlPath } from '../yaml/read.ts';

/** A name for a place in a rule whose value a project may set. */
export interface Tunable {
  readonly name: string;
  readonly path: YamlPath;
}

/** The parts of a rule with places for tunables; how a rule is called isn't a project's to change. */
const parts: readonly YamlPath[] = [
  ['detection'],
  ['correlation'],
  ['filter'],
  ['level'],
  ['siemc', 'schedule'],
  ['siemc', 'suppress'],
];

/** Reads `siemc.tunables`; one that leads to no place, or to one that another leads to, is told and left out. */
export function readTunables(document: YamlDocument, report: FindingReport): readonly Tunable[] {
  const given = valueAt(document.value, ['siemc', 'tunables']);
  const tunables: Tunable[] = [];
  for (const [name, place] of Object.entries(isMap(given) ? given : {})) {
    const span = document.spanOf(['siemc', 'tunables', name]);
    const wrong = (message: string, hint?: string): void =>
      report({ code: 'rule/tunable', message, span, ...(hint && { hint }) });
    // The schema has told of anything else.
    if (typeof place !== 'string' && !Array.isArray(place)) continue;
    const [path, other] = placesOf(document.value, place);
    const shown = Array.isArray(place) ? place.join('.') : place;
    if (path === undefined) {
      const hint = didYouMean(shown, placesIn(document.value));
      wrong(`The rule has no "${shown}" that the tunable "${name}" could set.`, hint);
    } else if (other !== undefined) {
      const hint = `Write the keys as a list: [${path.join(', ')}] or [${other.join(', ')}].`;
      wrong(`"${shown}" is more than one place in the rule.`, hint);
    } else if (!isTunable(path)) {
      const hint =
        'It may set what is below "detection", "correlation", "filter", "siemc.schedule" and "siemc.suppress", and the level.';
      wrong(`The tunable "${name}" can't set "${shown}".`, hint);
    } else {
      const same = tunables.find((one) => overlap(one.path, path));
      if (same === undefined) tunables.push({ name, path });
      else wrong(`The tunables "${same.name}" and "${name}" set one place, or a part of it.`);
    }
  }
  return tunables;
}

/** The places that keys with dots between them, or a list of keys, lead to: keys may hold dots themselves. */
function placesOf(value: unknown, place: string | readonly unknown[]): readonly YamlPath[] {
  if (typeof place === 'string') return place === '' ? [] : dotted(value, place);
  const path = place.flatMap((step) =>
    typeof step === 'string' || typeof step === 'number' ? [step] : [],
  );
  const last = path.at(-1);
  const above = valueAt(value, path.slice(0, -1));
  const isThere = Array.isArray(above)
    ? typeof last === 'number' && last in above
    : isMap(above) && last !== undefined && Object.hasOwn(above, last);
  return isThere ? [path] : [];
}

function dotted(value: unknown, text: string): readonly YamlPath[] {
  const steps: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? value.map((inner, index) => [index, inner] as const)
    : isMap(value)
      ? Object.entries(value)
      : [];
  return steps.flatMap(([step, inner]): readonly YamlPath[] => {
    const key = String(step);
    if (key === text) return [[step]];
    if (!text.startsWith(`${key}.`)) return [];
    return dotted(inner, text.slice(key.length + 1)).map((rest) => [step, ...rest]);
  });
}

/** The places that a tunable may set, as people write them; those in lists aside. */
function placesIn(value: unknown): readonly string[] {
  return parts.flatMap((part) => placesBelow(part, valueAt(value, part)));
}

function placesBelow(path: YamlPath, value: unknown): readonly string[] {
  const own = isTunable(path) ? [path.join('.')] : [];
  if (!isMap(value)) return value === undefined ? [] : own;
  const below = Object.entries(value).flatMap(([key, inner]) => placesBelow([...path, key], inner));
  return [...own, ...below];
}

/** A whole detection, correlation or filter is the rule itself, no value in it. */
function isTunable(path: YamlPath): boolean {
  return parts.some(
    (part) => isAtOrBelow(path, part) && (path.length > part.length || part[0] === 'level'),
  );
}

function overlap(a: YamlPath, b: YamlPath): boolean {
  return isAtOrBelow(a, b) || isAtOrBelow(b, a);
}
