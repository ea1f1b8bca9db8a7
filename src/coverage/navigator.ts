import type { BuiltRule } from '../library/built/build.ts';
import { attackObject, attackRelease, tacticsOf } from '../lint/attack-objects.ts';
import { byCodePoint } from '../text/by-code-point.ts';
import {
  type Measured,
  objectsOf,
  providersOf,
  providerTitle,
  taggedRules,
  withQuery,
} from './coverage.ts';
import { counted } from './table.ts';

/*
 * Layers of the ATT&CK Navigator, format 4.5:
 * https://github.com/mitre-attack/attack-navigator/blob/master/layers/spec/v4.5/layerformat.md
 */

/** What a generated layer begins with: JSON has no comments. */
export const layerMark = '{\n  "description": "Made by siemc build';

const shades = { fewest: '#dbe9f6', most: '#2a6fb0' };

/** One technique under one tactic. */
interface Annotation {
  readonly techniqueID: string;
  readonly tactic?: string;
  readonly score?: number;
  readonly comment?: string;
  readonly enabled: true;
  readonly showSubtechniques?: true;
  readonly metadata?: readonly Entry[];
  readonly links?: readonly { readonly label: string; readonly url: string }[];
}

interface Entry {
  readonly name: string;
  readonly value: string;
}

/** The layer of the rules that have a query on some target: the score of a technique is how many are tagged with it. */
export function navigatorLayer(measured: Measured): string {
  const rules = [...measured.rules]
    .filter(({ targets }) => targets.some(({ query }) => query !== undefined))
    .sort((a, b) => byCodePoint(a.stem, b.stem));
  const tagged = [...taggedRules(rules).values()].sort((a, b) =>
    byCodePoint(a.object.id, b.object.id),
  );
  const techniques = tagged
    .filter(({ object }) => object.kind === 'technique')
    .flatMap(({ object, rules: own }) => annotations(object.id, own, measured));
  const most = techniques.reduce((top, { score }) => Math.max(top, score ?? 0), 1);
  const untold = rules.filter((rule) => objectsOf(rule).every(({ kind }) => kind !== 'technique'));
  const components = tagged.filter(({ object }) => object.kind === 'data component');
  const layer = {
    description: descriptionOf(untold),
    name: 'Detections built by siemc',
    versions: { attack: attackRelease, navigator: '5.2.0', layer: '4.5' },
    domain: 'enterprise-attack',
    sorting: 3,
    layout: { layout: 'side', showID: true, showName: true, expandedSubtechniques: 'annotated' },
    hideDisabled: false,
    techniques: withParents(techniques),
    gradient: { colors: [shades.fewest, shades.most], minValue: 0, maxValue: most },
    legendItems: [
      { label: 'few rules', color: shades.fewest },
      { label: counted(most, 'rule'), color: shades.most },
    ],
    metadata: [
      { name: 'Score', value: 'The number of rules with a query on some target.' },
      ...components.map(({ object, rules: own }) => ({
        name: [object.id, object.name].filter(Boolean).join(' '),
        value: `${counted(own.length, 'rule')} (a data component: not in the matrix)`,
      })),
    ],
  };
  return `${JSON.stringify(layer, null, 2)}\n`;
}

function descriptionOf(untold: readonly BuiltRule[]): string {
  const what =
    "Made by siemc build of the rules' tags: edits are lost. The score of a technique is the number of rules that are tagged with it and its tactic and have a query on some target.";
  if (untold.length === 0) return what;
  const titles = untold.map(({ unit }) => unit.rule.title).join('; ');
  const are = untold.length === 1 ? "1 rule isn't" : `${untold.length} rules aren't`;
  return `${what} ${are} in the matrix, tagged with no technique: ${titles}.`;
}

/** An entry for each tactic of the technique that rules tag beside it; without a tactic where none of them fits. */
function annotations(
  id: string,
  rules: readonly BuiltRule[],
  measured: Measured,
): readonly Annotation[] {
  const fitting = (tacticsOf(id) ?? []).filter((tactic) => rules.some((rule) => has(rule, tactic)));
  if (fitting.length === 0) return [annotation(id, undefined, rules, measured)];
  return fitting.map((tactic) =>
    annotation(
      id,
      tactic,
      rules.filter((rule) => has(rule, tactic)),
      measured,
    ),
  );
}

function has(rule: BuiltRule, tactic: string): boolean {
  return objectsOf(rule).some(({ kind, id }) => kind === 'tactic' && id === tactic);
}

function annotation(
  id: string,
  tactic: string | undefined,
  rules: readonly BuiltRule[],
  { backends, settings }: Measured,
): Annotation {
  const providers = [...new Set(rules.flatMap(providersOf))].sort(byCodePoint).map((product) => {
    const n = rules.filter((rule) => providersOf(rule).includes(product)).length;
    return `${providerTitle(product, settings?.providers ?? [])}: ${counted(n, 'rule')}`;
  });
  const metadata = backends.map(({ destination: target, title }): Entry => {
    const own = withQuery(rules, target);
    const cases = own.reduce((sum, rule) => sum + rule.cases, 0);
    return { name: title, value: `${counted(own.length, 'rule')}, ${counted(cases, 'test case')}` };
  });
  const url = attackObject(`attack.${id}`)?.url;
  return {
    techniqueID: id,
    ...(tactic === undefined ? {} : { tactic }),
    score: rules.length,
    comment: `${counted(rules.length, 'rule')}. ${providers.join('; ')}.`,
    enabled: true,
    metadata,
    ...(url === undefined ? {} : { links: [{ label: `${id} in ATT&CK`, url }] }),
  };
}

/** Techniques whose sub-techniques have entries show them; those that have none themselves get an entry for that. */
function withParents(annotated: readonly Annotation[]): readonly Annotation[] {
  const parents = new Map<string, Annotation>();
  for (const { techniqueID, tactic } of annotated) {
    const [parent = '', sub] = techniqueID.split('.');
    if (sub === undefined) continue;
    const entry = { techniqueID: parent, ...(tactic === undefined ? {} : { tactic }) };
    parents.set(keyOf(entry), { ...entry, enabled: true, showSubtechniques: true });
  }
  const known = new Set(annotated.map(keyOf));
  const shown = annotated.map(
    (one): Annotation => (parents.has(keyOf(one)) ? { ...one, showSubtechniques: true } : one),
  );
  const more = [...parents].flatMap(([key, one]) => (known.has(key) ? [] : [one]));
  return [...shown, ...more].sort((a, b) => byCodePoint(keyOf(a), keyOf(b)));
}

function keyOf({ techniqueID, tactic }: Pick<Annotation, 'techniqueID' | 'tactic'>): string {
  return `${techniqueID} ${tactic ?? ''}`;
}
