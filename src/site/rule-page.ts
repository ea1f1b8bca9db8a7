import { objectTitle } from '../coverage/table.ts';
import type { BuiltRule } from '../library/build.ts';
import { type AttackObject, attackObject } from '../lint/attack-objects.ts';
import { sourcesOf } from '../plan/sources-of.ts';
import { helpers, tidied } from './helpers.ts';
import { render } from './rule-page.md.hbs.generated.js';

/** The Markdown page of a rule: what it finds, its queries, what is known to disturb it. */
export function renderRulePage({ unit, targets, cases }: BuiltRule): string {
  const { rule, plan } = unit;
  const context = {
    title: rule.title,
    description: rule.description ?? '',
    id: rule.id ?? '',
    status: rule.status ?? 'no status',
    level: rule.level ?? 'no level',
    source:
      plan === undefined
        ? ''
        : sourcesOf(plan)
            .map(({ title }) => title)
            .join(', '),
    tags: rule.tags,
    objects: objectsOf(rule.tags),
    cases: cases === 0 ? 'none' : cases === 1 ? '1 case' : `${cases} cases`,
    version: rule.settings.version ?? 'none',
    falsePositives: rule.falsePositives,
    references: rule.references,
    emulation: rule.settings.emulation,
    blindSpots: rule.settings.blindSpots,
    response: rule.settings.response,
    targets: targets.map(({ backend, query, evidence, assumptions, diagnostics }) => ({
      title: backend.title,
      language: backend.extension,
      query: query ?? '',
      evidence: evidence ?? '',
      assumptions,
      reasons: distinct(diagnostics.map(({ code: slug, message }) => ({ slug, message }))),
    })),
  };
  return tidied(render(context, { helpers }));
}

/** What the tags of ATT&CK name, each once, with names for people. */
function objectsOf(
  tags: readonly string[],
): readonly { readonly kind: string; readonly title: string; readonly url: string | undefined }[] {
  const found = tags.map(attackObject).filter((one) => one !== undefined);
  return [...new Map(found.map((one) => [one.id, one])).values()].map((one) => ({
    kind: kindNames[one.kind],
    title: objectTitle(one),
    url: one.url,
  }));
}

const kindNames: Readonly<Record<AttackObject['kind'], string>> = {
  tactic: 'Tactic',
  technique: 'Technique',
  'data component': 'Data component',
  other: 'Object',
};

/** Each reason once: a rule may give the same one for several values. */
function distinct<Reason extends { readonly message: string }>(
  reasons: readonly Reason[],
): readonly Reason[] {
  return [...new Map(reasons.map((reason) => [reason.message, reason])).values()];
}
