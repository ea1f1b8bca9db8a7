import { fileURLToPath } from 'node:url';
import type { Backend, Bundle, PackagedRule, Packager, PackageSettings } from '#backend';
import { compile } from '../../src/compile.ts';
import { buildRules } from '../../src/library/built/build.ts';
import { discoverRules } from '../../src/library/discover.ts';
import { loadUnits } from '../../src/library/units.ts';
import type { Catalog } from '../../src/plan/catalog.ts';
import { byCodePoint } from '../../src/text/by-code-point.ts';
import { readPlans } from './read-plan.ts';
import { shippedLists } from './shipped.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The shipped rules that have a query on a target, as a build would hand them to its packager. */
export async function shippedReleases(backend: Backend): Promise<readonly PackagedRule[]> {
  const catalog = await shippedLists();
  const files = discoverRules(root, ['detections'], () => {});
  const units = loadUnits(files, [backend.id], () => {}, undefined, catalog);
  return buildRules(
    units,
    `${root}detections`,
    [backend],
    () => 0,
    () => {},
  ).flatMap(({ stem, targets: [target] }) =>
    target?.release === undefined ? [] : [{ ...target.release, stem }],
  );
}

/** The rules of a text on a target, and the codes of what is refused. */
export function releasesOf(
  text: string,
  backend: Backend,
): { readonly rules: readonly PackagedRule[]; readonly codes: readonly string[] } {
  const { file, plans, diagnostics } = readPlans(text);
  const compiled = plans.map((plan) => compile(plan, file, backend));
  return {
    rules: compiled.flatMap(({ release }, index) =>
      release === undefined ? [] : [{ ...release, stem: `rule-${index}` }],
    ),
    codes: [...diagnostics, ...compiled.flatMap((one) => one.diagnostics)].map(({ code }) => code),
  };
}

/** The files that rules of a destination share, as a build would have them written. */
export function bundleOf(
  packager: Packager,
  rules: readonly PackagedRule[],
  settings: PackageSettings = {},
  lists: Bundle['lists'] = [],
): ReadonlyMap<string, string> {
  const parts = rules
    .map((rule) => ({ stem: rule.stem, text: packager.part?.(rule, settings) ?? '' }))
    .sort((a, b) => byCodePoint(a.stem, b.stem));
  const bySource = new Map(
    rules.flatMap(({ mappings }) => mappings.map((mapping) => [mapping.source, mapping] as const)),
  );
  const mappings = [...bySource.keys()]
    .sort(byCodePoint)
    .flatMap((source) => bySource.get(source) ?? []);
  return (
    packager.bundle?.({
      destination: 'test',
      parts,
      lists,
      mappings,
      settings,
      former: new Map(),
    }) ?? new Map()
  );
}

/** The lists of a catalog that searches look values up in. */
export function listsIn(rules: readonly PackagedRule[], catalog: Catalog): Bundle['lists'] {
  const named = new Set(
    rules.flatMap(({ query }) => [...query.matchAll(/\| lookup (\S+) /g)].map(([, name]) => name)),
  );
  return [...catalog.lists.values()]
    .filter(({ name }) => named.has(name))
    .sort((a, b) => byCodePoint(a.name, b.name));
}
