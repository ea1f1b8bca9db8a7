import type { Tuning } from '../../rule/tune.ts';
import type { Project } from './config.ts';
import type { Destination } from './destinations.ts';

/** The project as it is at a destination. */
export function projectAt(project: Project, destination: Destination): Project {
  const { tunings, lists, choices } = destination;
  const named = new Set(lists.map(({ name }) => name));
  const chosen = new Set(choices.map(({ source }) => source.name));
  return {
    ...project,
    tunings: [...withoutThose(project.tunings, tunings), ...tunings],
    lists: [...project.lists.filter(({ name }) => !named.has(name)), ...lists],
    choices: [
      ...project.choices.filter(
        ({ target, source }) => target.name !== destination.target.name || !chosen.has(source.name),
      ),
      ...choices,
    ],
  };
}

/** What is set in rules but for what is set otherwise. */
function withoutThose(all: readonly Tuning[], other: readonly Tuning[]): readonly Tuning[] {
  return all.map((tuning) => {
    const own = other.filter(({ rule }) => rule.name === tuning.rule.name);
    const names = new Set(own.flatMap(({ values }) => values.map(({ name }) => name)));
    return { ...tuning, values: tuning.values.filter(({ name }) => !names.has(name)) };
  });
}
