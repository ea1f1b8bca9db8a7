import type { Backend } from '../../backend/backend.ts';
import type { Report } from '../../diagnostics/diagnostic.ts';
import { didYouMean } from '../../diagnostics/suggest.ts';
import { isMap } from '../../text/is-map.ts';
import type { ChoiceSetting } from '../project/choice-settings.ts';
import type { NamedPath } from '../project/named-path.ts';
import { type Content, mappingShape, overlay } from './overlay.ts';

/** The choices that a mapping file offers, by name: what each says otherwise. */
export function choicesOf(content: Content): ReadonlyMap<string, Content> {
  const { choices } = content;
  if (!isMap(choices)) return new Map();
  return new Map(
    Object.entries(choices).flatMap(([name, choice]) => {
      if (!isMap(choice)) return [];
      const { about: _about, ...said } = choice;
      return [[name, said] as const];
    }),
  );
}

/** The mapping file as an installation has it that makes these choices; the later ones hold over the earlier. */
export function chosen(content: Content, names: readonly string[]): Content {
  const { choices: _choices, ...plain } = content;
  const offered = choicesOf(content);
  return names.reduce((made, name) => overlay(made, offered.get(name) ?? {}, mappingShape), plain);
}

/** The settings of targets and log sources that there are; all others are told. */
export function knownSettings(
  settings: readonly ChoiceSetting[],
  {
    sources,
    targets,
  }: { readonly sources: readonly string[]; readonly targets: readonly string[] },
  report: Report,
): readonly ChoiceSetting[] {
  return settings.filter(({ target, source }) => {
    if (!targets.includes(target.name)) return tell('target', target, targets, report);
    return sources.includes(source.name) || tell('log source', source, sources, report);
  });
}

function tell(
  what: 'target' | 'log source',
  { name, at }: NamedPath,
  known: readonly string[],
  report: Report,
): false {
  const code = what === 'target' ? 'config/unknown-target' : 'config/unknown-source';
  const message = `There is no ${what} "${name}" to choose for.`;
  const hint = didYouMean(name, known) ?? `The ${what}s are ${known.join(', ')}.`;
  report({ code, severity: 'error', message, at, hint });
  return false;
}

/** The choices that are made and that there are; all others are told. */
export function knownChoices(
  { source, choices }: ChoiceSetting,
  { title }: Backend,
  offered: readonly string[],
  report: Report,
): readonly NamedPath[] {
  const isOffered = ({ name, at }: NamedPath): boolean => {
    if (offered.includes(name)) return true;
    const message = `${title}'s mapping of ${source.name} has no choice "${name}".`;
    const all = offered.length === 0 ? 'It has none.' : `It has ${offered.join(', ')}.`;
    const hint = didYouMean(name, offered) ?? all;
    report({ code: 'config/unknown-choice', severity: 'error', message, at, hint });
    return false;
  };
  return choices.filter(isOffered);
}
