import type { Bundle, PackagedRule, Packager, PackageSettings } from '#backend';
import { analyticsRule, analyticsRuleId } from './analytics-rule.ts';
import { ruleTemplate, watchlistTemplate } from './arm.ts';
import { templateYaml } from './template-yaml.ts';
import { watchlist, watchlistCsv } from './watchlists.ts';

/** Analytics rules and watchlists, as templates to deploy and in the form of the repository. */
export const packager: Packager = { files, bundle };

function files(rule: PackagedRule, settings: PackageSettings): ReadonlyMap<string, string> {
  const made = analyticsRule(rule, settings);
  if (made === undefined) return new Map();
  return new Map([
    ['arm.json', ruleTemplate(analyticsRuleId(rule), made)],
    ['yaml', templateYaml(rule, made)],
  ]);
}

function bundle({ lists, former }: Bundle): ReadonlyMap<string, string> {
  return new Map([
    ...former,
    ...lists.flatMap((list): readonly (readonly [string, string])[] => {
      const path = `watchlists/${list.name}`;
      const made = watchlist(list);
      const csv = [`${path}.csv`, watchlistCsv(list)] as const;
      return made === undefined ? [csv] : [csv, [`${path}.arm.json`, watchlistTemplate(made)]];
    }),
  ]);
}
