import type { Backend } from '../backend/backend.ts';
import { reasonOf } from '../coverage/gaps.ts';
import { objectTitle } from '../coverage/table.ts';
import type { BuiltRule } from '../library/built/build.ts';
import { type AttackObject, attackObject } from '../lint/attack-objects.ts';
import { helpers, tidied } from './helpers.ts';
import { render } from './rule-page.md.hbs.generated.js';
import { sourceTitles } from './source-titles.ts';

/** The Markdown page of a rule of all: what it finds, its queries, what is known to disturb it. */
export function renderRulePage(
  built: BuiltRule,
  backends: readonly Backend[],
  all: readonly BuiltRule[],
): string {
  const { unit, cases } = built;
  const { rule } = unit;
  const context = {
    title: rule.title,
    description: rule.description ?? '',
    id: rule.id ?? '',
    status: rule.status ?? 'no status',
    level: rule.level ?? 'no level',
    source: sourceTitles(unit),
    tags: rule.tags,
    objects: objectsOf(rule.tags),
    cases: cases === 0 ? 'none' : cases === 1 ? '1 case' : `${cases} cases`,
    version: rule.settings.version ?? 'none',
    falsePositives: rule.falsePositives,
    references: rule.references,
    emulation: rule.settings.emulation,
    blindSpots: rule.settings.blindSpots,
    response: rule.settings.response,
    targets: backends.map((backend) => targetOf(built, backend, all)),
  };
  return tidied(render(context, { helpers }));
}

/** What becomes of the rule on a target: its query, or why there is none. */
function targetOf(built: BuiltRule, backend: Backend, all: readonly BuiltRule[]): object {
  const asked = built.targets.find((one) => one.backend.destination === backend.destination);
  const { query = '', evidence = '', assumptions = [], diagnostics } = asked ?? {};
  const told = diagnostics?.map(({ code: slug, message }) => ({ slug, message }));
  const reasons = query === '' ? distinct(told ?? [untold(built, backend, all)]) : [];
  const { title, extension: language } = backend;
  return { title, language, query, evidence, assumptions, reasons };
}

/** Why the rule has no query on a target that it isn't compiled for. */
function untold(
  built: BuiltRule,
  backend: Backend,
  all: readonly BuiltRule[],
): { readonly slug: string; readonly message: string } {
  const { kind, code: slug = '', message } = reasonOf(built, backend, all);
  return { slug, message: kind === 'refused' ? message : `The rule is ${message}.` };
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
