import type { PackageSettings } from '../../backend/package.ts';
import type { PublishSettings } from '../../backend/publisher.ts';
import type { Place, Report } from '../../diagnostics/diagnostic.ts';
import { didYouMean } from '../../diagnostics/suggest.ts';
import type { Tuning } from '../../rule/tune.ts';
import { isMap } from '../../text/is-map.ts';
import { valueAt } from '../../yaml/path.ts';
import type { YamlDocument } from '../../yaml/read.ts';
import { type ChoiceSetting, choicesAt } from './choice-settings.ts';
import { type ListSetting, readListSettings } from './list-settings.ts';
import type { NamedPath } from './named-path.ts';
import { readTunings } from './tunings.ts';

/** One of a target's installations: what queries are compiled for, committed and published by name. */
export interface Destination {
  /** Names the folder below the output. */
  readonly id: string;
  readonly at: Place;
  /** The target that it is one of. */
  readonly target: NamedPath;
  /** What holds there over what the project says. */
  readonly tunings: readonly Tuning[];
  readonly lists: readonly ListSetting[];
  readonly choices: readonly ChoiceSetting[];
  /** For the target to read, and where a part of it stands. */
  readonly settings: PackageSettings;
  settingAt(path: readonly (string | number)[]): Place;
  /** Where and how to publish, for the target to read; nothing if it isn't said. */
  readonly publish: PublishSettings | undefined;
  publishAt(path: readonly (string | number)[]): Place;
}

/** The destinations of a configuration whose form is right. */
export function readDestinations(document: YamlDocument): readonly Destination[] {
  const { file, value } = document;
  const given = isMap(value) ? value['destinations'] : undefined;
  return Object.entries(isMap(given) ? given : {}).map(([id, setting]) => {
    const path = ['destinations', id];
    const named = isMap(setting) ? setting['target'] : undefined;
    const at = { file, span: document.keySpanOf(path) };
    const target =
      typeof named === 'string'
        ? { name: named, at: { file, span: document.spanOf([...path, 'target']) } }
        : { name: id, at };
    const settings = valueAt(value, [...path, 'package']);
    const publish = valueAt(value, [...path, 'publish']);
    return {
      id,
      at,
      target,
      tunings: readTunings(document, path),
      lists: readListSettings(document, path),
      choices: choicesAt(document, [...path, 'choices'], target),
      settings: isMap(settings) ? settings : {},
      settingAt: (inner) => ({ file, span: document.spanOf([...path, 'package', ...inner]) }),
      publish: isMap(publish) ? publish : undefined,
      publishAt: (inner) => ({ file, span: document.spanOf([...path, 'publish', ...inner]) }),
    };
  });
}

/** Destinations of targets that there are none of, or with names that stand for something else. */
export function checkDestinations(
  destinations: readonly Destination[],
  targets: readonly string[],
  report: Report,
): void {
  for (const { id, at, target } of destinations) {
    if (!targets.includes(target.name)) {
      const message =
        target.name === id
          ? `The destination "${id}" doesn't say which target it is of.`
          : `There is no target "${target.name}".`;
      const all = `The targets are ${targets.join(', ')}.`;
      const hint = target.name === id ? `Add "target:". ${all}` : didYouMean(target.name, targets);
      report({
        code: 'config/unknown-target',
        severity: 'error',
        message,
        at: target.at,
        hint: hint ?? all,
      });
    } else if (!/^[a-z][a-z0-9-]*$/.test(id)) {
      const message = `"${id}" is no name for a destination, which is a folder's name, too.`;
      const hint = 'Use lower-case letters, digits and hyphens, a letter first.';
      report({ code: 'config/destination', severity: 'error', message, at, hint });
    } else if (id === 'pages' || id === 'sigma' || (targets.includes(id) && id !== target.name)) {
      const message = `"${id}" is no name for a destination: it stands for something else.`;
      const hint = `Call it ${target.name}-${id}, for example.`;
      report({ code: 'config/destination', severity: 'error', message, at, hint });
    }
  }
}

/** Whether rules have other plans at a destination than in the rest of the project. */
export function hasOwnPlans({ tunings, lists }: Destination): boolean {
  return tunings.length + lists.length > 0;
}
