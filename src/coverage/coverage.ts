import type { Backend } from '../backend/backend.ts';
import { type Evidence, weakest } from '../fields/mapping.ts';
import type { BuiltRule } from '../library/built/build.ts';
import type { CoverageSettings, Provider } from '../library/project/coverage-settings.ts';
import { type AttackObject, attackObject } from '../lint/attack-objects.ts';
import { sourcesOf } from '../plan/sources-of.ts';
import { byCodePoint } from '../text/by-code-point.ts';
import { type Gap, gapsOf } from './gaps.ts';

/** What the rules of a project find, by objects of ATT&CK, providers and targets. */
export interface Coverage {
  readonly targets: readonly { readonly id: string; readonly title: string }[];
  /** The objects that are promised, in the order of the configuration. */
  readonly objects: readonly ObjectCoverage[];
  /** All others that rules are tagged with. */
  readonly others: readonly ObjectCoverage[];
}

/** An object and its rows; of one that isn't promised the rows are the providers that have rules. */
export interface ObjectCoverage {
  readonly object: AttackObject;
  readonly rows: readonly Row[];
  /** All rules that are tagged with it, and their test cases. */
  readonly rules: number;
  readonly cases: number;
  /** How many of them have a query, by target. */
  readonly counts: readonly { readonly target: string; readonly rules: number }[];
}

/** A provider, or a log that no rule reads. */
export interface Row {
  readonly kind: 'provider' | 'source';
  readonly id: string;
  readonly title: string;
  readonly cells: readonly Cell[];
}

/** An object on a provider for a target. */
export interface Cell {
  readonly target: string;
  /** The rules that have a query, of all that there are, and the test cases of those. */
  readonly rules: number;
  readonly of: number;
  readonly cases: number;
  /** Of the field mappings that the queries rest on; nothing without any. */
  readonly evidence: { readonly weakest: Evidence; readonly strongest: Evidence } | undefined;
  /** Why rules have no query. */
  readonly gaps: readonly Gap[];
  /** What the configuration says of it, where there are no rules. */
  readonly reasons: readonly string[];
}

/** What coverage is measured of: the rules of a build, those that are only parts of correlations, and the promise. */
export interface Measured {
  readonly rules: readonly BuiltRule[];
  readonly parts: readonly BuiltRule[];
  readonly backends: readonly Backend[];
  readonly settings: CoverageSettings | undefined;
}

/** Counts rules and tests of every object, provider and target, and says why rules are missing. */
export function measureCoverage(measured: Measured): Coverage {
  const { rules, parts, backends, settings } = measured;
  const all = [...rules, ...parts].sort((a, b) => byCodePoint(a.stem, b.stem));
  const tagged = taggedRules(all);
  const promised = (settings?.objects ?? []).flatMap(
    ({ id }) => attackObject(`attack.${id}`) ?? [],
  );
  const ids = new Set(promised.map(({ id }) => id));
  const others = [...tagged.values()]
    .map(({ object }) => object)
    .filter(({ id, kind }) => kind !== 'tactic' && !ids.has(id))
    .sort((a, b) => byCodePoint(a.kind, b.kind) || byCodePoint(a.id, b.id));
  const measure = (object: AttackObject, isPromised: boolean): ObjectCoverage => {
    const own = tagged.get(object.id)?.rules ?? [];
    const providers = isPromised ? (settings?.providers ?? []) : [];
    const rows = [
      ...rowsOf(own, providers, measured, object),
      ...(isPromised ? sourceRows(measured, object) : []),
    ];
    const counts = backends.map(({ destination }) => ({
      target: destination,
      rules: withQuery(own, destination).length,
    }));
    return { object, rows, rules: own.length, cases: casesOf(own), counts };
  };
  return {
    targets: backends.map(({ id, title }) => ({ id, title })),
    objects: promised.map((object) => measure(object, true)),
    others: others.map((object) => measure(object, false)),
  };
}

/** The providers whose logs a rule reads. */
export function providersOf({ unit: { plan } }: BuiltRule): readonly string[] {
  const sources = plan === undefined ? [] : sourcesOf(plan);
  return [...new Set(sources.map(({ name, match }) => match.product ?? name))];
}

/** What the configuration calls a provider. */
export function providerTitle(product: string, providers: readonly Provider[]): string {
  return providers.find((one) => one.product === product)?.title ?? product;
}

/** The objects that rules are tagged with, each with its rules, by its id. */
export function taggedRules(
  rules: readonly BuiltRule[],
): ReadonlyMap<string, { readonly object: AttackObject; readonly rules: readonly BuiltRule[] }> {
  const tagged = new Map<string, { object: AttackObject; rules: BuiltRule[] }>();
  for (const rule of rules) {
    for (const object of objectsOf(rule)) {
      const entry = tagged.get(object.id) ?? { object, rules: [] };
      entry.rules.push(rule);
      tagged.set(object.id, entry);
    }
  }
  return tagged;
}

/** What a rule's tags of ATT&CK name, each once. */
export function objectsOf({ unit: { rule } }: BuiltRule): readonly AttackObject[] {
  const found = rule.tags.flatMap((tag) => attackObject(tag) ?? []);
  return [...new Map(found.map((object) => [object.id, object])).values()];
}

function rowsOf(
  rules: readonly BuiltRule[],
  promised: readonly Provider[],
  measured: Measured,
  object: AttackObject,
): readonly Row[] {
  const found = new Set(rules.flatMap(providersOf));
  const more = [...found].filter((one) => promised.every(({ product }) => product !== one));
  const names = [...promised.map(({ product }) => product), ...more.sort(byCodePoint)];
  const known = measured.settings?.providers ?? [];
  return names.map((id) => {
    const own = rules.filter((rule) => providersOf(rule).includes(id));
    const cells = measured.backends.map((backend) =>
      cellOf(own, backend, reasonsFor(measured, object, 'provider', id, backend), measured),
    );
    return { kind: 'provider', id, title: providerTitle(id, known), cells };
  });
}

/** Logs that ATT&CK names for an object and no rule reads. */
function sourceRows(measured: Measured, object: AttackObject): readonly Row[] {
  const without = measured.settings?.without ?? [];
  const named = without.filter((one) => one.source !== undefined && one.object === object.id);
  const sources = [...new Set(named.flatMap(({ source }) => source ?? []))];
  return sources.map((id) => ({
    kind: 'source',
    id,
    title: id,
    cells: measured.backends.map((backend) =>
      cellOf([], backend, reasonsFor(measured, object, 'source', id, backend), measured),
    ),
  }));
}

function reasonsFor(
  { settings }: Measured,
  object: AttackObject,
  kind: Row['kind'],
  id: string,
  backend: Backend,
): readonly string[] {
  return (settings?.without ?? [])
    .filter((one) => one[kind] === id)
    .filter((one) => one.object === undefined || one.object === object.id)
    .filter(
      (one) => one.target === undefined || [backend.id, backend.destination].includes(one.target),
    )
    .map(({ reason }) => reason);
}

function cellOf(
  rules: readonly BuiltRule[],
  backend: Backend,
  reasons: readonly string[],
  measured: Measured,
): Cell {
  const own = withQuery(rules, backend.destination);
  const found = own.flatMap(({ targets }) =>
    targets.flatMap((one) =>
      one.backend.destination === backend.destination ? (one.evidence ?? []) : [],
    ),
  );
  const gaps = gapsOf(
    rules.filter((rule) => !own.includes(rule)),
    backend,
    [...measured.rules, ...measured.parts],
  );
  return {
    target: backend.destination,
    rules: own.length,
    of: rules.length,
    cases: casesOf(own),
    evidence:
      found.length === 0 ? undefined : { weakest: weakest(found), strongest: strongest(found) },
    gaps,
    reasons: own.length === 0 ? reasons : [],
  };
}

/** The rules that have a query on a target. */
export function withQuery(rules: readonly BuiltRule[], target: string): readonly BuiltRule[] {
  return rules.filter(({ targets }) =>
    targets.some(({ backend, query }) => backend.destination === target && query !== undefined),
  );
}

function strongest(evidences: readonly Evidence[]): Evidence {
  const order: readonly Evidence[] = ['documented', 'observed', 'assumed'];
  return order.find((one) => evidences.includes(one)) ?? 'assumed';
}

function casesOf(rules: readonly BuiltRule[]): number {
  return rules.reduce((sum, { cases }) => sum + cases, 0);
}
