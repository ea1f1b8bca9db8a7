import type { FindingReport } from '../diagnostics/diagnostic.ts';
import type { SourceFile } from '../text/source-file.ts';
import { type Patch, patchDocument } from '../yaml/patch.ts';
import { valueAt } from '../yaml/path.ts';
import type { YamlDocument } from '../yaml/read.ts';
import type { Named, RuleTunables, Tuned } from './rule.ts';
import { isNamed } from './rule-set.ts';
import { readTunables } from './tunables.ts';

/** What a project sets in a rule. */
export interface Tuning {
  /** The rule by its id or name. */
  readonly rule: Named;
  /** The names of tunables; the document has their values at `path` and the name. */
  readonly values: readonly Named[];
  readonly path: readonly string[];
  readonly document: YamlDocument;
}

/** A rule's document as a project wants it, and what it set. Tunables that lead nowhere are told. */
export function tuneDocument(
  document: YamlDocument,
  tunings: readonly Tuning[],
  report: FindingReport,
): { readonly document: YamlDocument; readonly tunables: RuleTunables } {
  const declared = readTunables(document, report);
  const text = (key: string): string | undefined => document.scalarAt([key])?.text;
  const called = { id: text('id'), name: text('name') };
  const own = tunings.filter(({ rule }) => isNamed(called, rule.name));
  const patches: Patch[] = [];
  const tuned: Tuned[] = [];
  for (const { name, path } of declared) {
    const by = own.find(({ values }) => values.some((value) => value.name === name));
    if (by === undefined) continue;
    const at = [...by.path, name];
    const value = valueAt(by.document.value, at);
    // What is set to what it is anyway stays the rule's own.
    if (textOf(value) === textOf(valueAt(document.value, path))) continue;
    const about = `This is the tunable "${name}" of the rule "${text('title') ?? by.rule.name}".`;
    const file: SourceFile = { ...by.document.file, about };
    patches.push({ path, by: by.document, at, file });
    tuned.push({ rule: by.rule.name, name, value, file });
  }
  const names = declared.map(({ name }) => name);
  return { document: patchDocument(document, patches), tunables: { names, tuned } };
}

/** Integers beyond 2^53 are no JSON. */
function textOf(value: unknown): string | undefined {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'bigint' ? `${inner}n` : inner,
  );
}
