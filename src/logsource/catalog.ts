import { didYouMean } from '../diagnostics/suggest.ts';
import type { LogSource, LogSourceKey } from './log-source.ts';
import { type LogSourceDocument, readLogSource } from './read.ts';
import { shipped } from './shipped.generated.js';

let known: readonly LogSource[] | undefined;

/** The log sources that siemc ships; the build has checked their files. */
export function shippedLogSources(): readonly LogSource[] {
  known ??= shipped.map(({ document }) => readLogSource(document as LogSourceDocument));
  return known;
}

/** The source that a rule's `logsource` names: the one that agrees in all its own keys, the most exact first. */
export function findLogSource(
  sources: readonly LogSource[],
  key: LogSourceKey,
): LogSource | undefined {
  const exactness = (source: LogSource): number => Object.keys(source.match).length;
  return sources
    .filter(({ match }) =>
      (['category', 'product', 'service'] as const).every(
        (part) => match[part] === undefined || match[part] === key[part]?.toLowerCase(),
      ),
    )
    .sort((a, b) => exactness(b) - exactness(a))[0];
}

/** "Did you mean …?" for a `logsource` that is misspelt. */
export function likelyLogSource(
  sources: readonly LogSource[],
  key: LogSourceKey,
): string | undefined {
  for (const part of ['service', 'product', 'category'] as const) {
    const given = key[part];
    const known = sources.flatMap(({ match }) => match[part] ?? []);
    const hint =
      given === undefined || known.includes(given) ? undefined : didYouMean(given, known);
    if (hint !== undefined) return hint;
  }
  return undefined;
}

/** The name that a log source of nobody's declaring goes by: `windows/process_creation`. */
function nameOf({ category, product, service }: LogSourceKey): string {
  return [product, service ?? category].filter((part) => part !== undefined).join('/') || 'unknown';
}

/** A source that nobody has declared: flat records in Sigma's names, any field, one or several values. */
export function undeclaredSource(key: LogSourceKey): LogSource {
  return {
    name: nameOf(key),
    title: nameOf(key),
    match: key,
    time: 'timestamp',
    precision: 'millisecond',
    unit: undefined,
    foldsCase: false,
    raw: 'json',
    fields: new Map(),
    open: ['**'],
    arrays: [],
    aliases: new Map(),
    derived: new Map(),
    forms: [],
    extract: new Map(),
    health: new Map(),
    operation: undefined,
  };
}
