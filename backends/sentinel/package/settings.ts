import { didYouMean, type PackageSettings, type SettingProblem } from '#backend';

/** What a destination may say of the rules that are made for it. */
export interface RuleSettings {
  /** Whether rules run as soon as they are there. */
  readonly enabled: boolean;
  readonly createIncident: boolean;
  /** Whether rules carry the id and the version of what they are made of, as those made of a template do. */
  readonly alertRuleTemplate: boolean;
}

const defaults: RuleSettings = { enabled: true, createIncident: true, alertRuleTemplate: true };

/** The settings with their defaults, of a destination without problems. */
export function settingsOf(settings: PackageSettings): RuleSettings {
  return { ...defaults, ...settings };
}

/** What is no setting, or no value of one. */
export function settingProblems(settings: PackageSettings): readonly SettingProblem[] {
  const known = Object.keys(defaults);
  return Object.entries(settings).flatMap(([key, value]): readonly SettingProblem[] => {
    if (!known.includes(key)) {
      const hint = didYouMean(key, known) ?? `There are ${known.join(', ')}.`;
      return [{ path: [key], message: `Microsoft Sentinel has no setting "${key}".`, hint }];
    }
    if (typeof value === 'boolean') return [];
    return [{ path: [key], message: `"${key}" is true or false.` }];
  });
}
