import { type Finding, type Report, reportIn } from '../../diagnostics/diagnostic.ts';
import { didYouMean } from '../../diagnostics/suggest.ts';
import type { Named, Rule, Tuned } from '../../rule/rule.ts';
import { isNamed, type RuleSet } from '../../rule/rule-set.ts';
import type { Tuning } from '../../rule/tune.ts';
import { isMap } from '../../text/is-map.ts';
import { valueAt } from '../../yaml/path.ts';
import type { YamlDocument } from '../../yaml/read.ts';
import type { FilteredRules } from '../filters.ts';

/** The code of all that is wrong with which rules and tunables a configuration names. */
export const tuningCode = 'config/tunable';
const code = tuningCode;

/** What a configuration sets in rules, for all or for what lies at a path of it; the schema has checked its form. */
export function readTunings(document: YamlDocument, at: readonly string[] = []): readonly Tuning[] {
  const path = [...at, 'tunables'];
  const given = valueAt(document.value, path);
  return Object.entries(isMap(given) ? given : {}).map(([rule, values]) => ({
    rule: { name: rule, span: document.keySpanOf([...path, rule]) },
    values: Object.keys(isMap(values) ? values : {}).map((name) => ({
      name,
      span: document.keySpanOf([...path, rule, name]),
    })),
    path: [...path, rule],
    document,
  }));
}

/** Checks what a project sets against its rules: whether these are there and have such tunables. */
export function checkTunings(
  tunings: readonly Tuning[],
  rules: FilteredRules,
  set: RuleSet,
  report: Report,
): void {
  const taken = new Map<Rule, Map<string, string>>();
  for (const tuning of tunings) {
    const found = reportIn(tuning.document.file, report);
    // A rule that can't be read whole may have what is missed.
    if (set.unread(tuning.rule.name).length > 0) continue;
    const named = rules
      .mentioning(tuning.rule.name)
      .filter((one) => isNamed(one, tuning.rule.name));
    const [rule, other] = named.filter(({ tunables }) => tunables.names.length > 0);
    if (rule === undefined || other !== undefined) {
      found(wrongRule(tuning.rule, named, rules));
      continue;
    }
    const before = taken.get(rule) ?? new Map<string, string>();
    taken.set(rule, before);
    for (const value of tuning.values) {
      const first = before.get(value.name);
      before.set(value.name, first ?? tuning.rule.name);
      if (!rule.tunables.names.includes(value.name)) found(unknownTunable(rule, value));
      else if (first !== undefined) {
        const message = `The tunable "${value.name}" of the rule "${rule.title}" is set under "${first}", too.`;
        found({ code, message, span: value.span, hint: 'Set it once.' });
      }
    }
  }
}

function wrongRule({ name, span }: Named, named: readonly Rule[], rules: FilteredRules): Finding {
  const [first] = named;
  if (first === undefined) {
    const tunable = rules.all().filter(({ tunables }) => tunables.names.length > 0);
    const known = tunable.flatMap((rule) => [rule.name, rule.id]);
    const hint = didYouMean(
      name,
      known.filter((one) => one !== undefined),
    );
    const message = `There is no rule with the name or id "${name}".`;
    return { code, message, span, ...(hint && { hint }) };
  }
  const several = named.filter(({ tunables }) => tunables.names.length > 0);
  if (several.length === 0) {
    const message = `The rule "${first.title}" has no tunables.`;
    const hint = 'A rule names what may be set in it under "siemc.tunables".';
    return { code, message, span, hint };
  }
  const files = [...new Set(several.map(({ file }) => file.path))].join(', ');
  const message = `Several rules with tunables are called "${name}" (${files}).`;
  return { code, message, span, hint: 'Write the id of the one that is meant.' };
}

function unknownTunable({ title, tunables: { names } }: Rule, { name, span }: Named): Finding {
  const hint = didYouMean(name, names) ?? `Its tunables are ${names.join(', ')}.`;
  return { code, message: `The rule "${title}" has no tunable "${name}".`, span, hint };
}

/** What a project sets in a rule, in the filters that narrow it, and in the rules that take part in it. */
export function tunedIn(rule: Rule, set: RuleSet): readonly Tuned[] {
  const seen = new Set<Rule>();
  const waiting: Rule[] = [rule];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const by = next;
    if (by.kind === 'correlation')
      waiting.push(...by.rules.flatMap(({ name }) => set.find(name, by)));
    if (by.kind === 'detection') waiting.push(...set.filtersOf(by));
  }
  return [...seen].flatMap(({ tunables }) => tunables.tuned);
}
