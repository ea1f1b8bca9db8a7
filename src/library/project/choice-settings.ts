import { isMap } from '../../text/is-map.ts';
import { valueAt } from '../../yaml/path.ts';
import type { YamlDocument } from '../../yaml/read.ts';
import type { NamedPath } from './named-path.ts';

/** Which choices of a target's mapping of a log an installation makes. */
export interface ChoiceSetting {
  readonly target: NamedPath;
  readonly source: NamedPath;
  readonly choices: readonly NamedPath[];
}

/** `choices: { splunk: { azure/activitylogs: [event-hub] } }` of a configuration whose form is right. */
export function readChoices(document: YamlDocument): readonly ChoiceSetting[] {
  const { file, value } = document;
  const given = isMap(value) ? value['choices'] : undefined;
  return Object.keys(isMap(given) ? given : {}).flatMap((name) => {
    const path = ['choices', name];
    return choicesAt(document, path, { name, at: { file, span: document.keySpanOf(path) } });
  });
}

/** The choices of one target that a configuration has at a path: `{ azure/activitylogs: [event-hub] }`. */
export function choicesAt(
  document: YamlDocument,
  path: readonly string[],
  target: NamedPath,
): readonly ChoiceSetting[] {
  const { file } = document;
  const given = valueAt(document.value, path);
  return Object.entries(isMap(given) ? given : {}).map(([source, names]) => ({
    target,
    source: { name: source, at: { file, span: document.keySpanOf([...path, source]) } },
    choices: (Array.isArray(names) ? names : []).map((name, index) => ({
      name: String(name),
      at: { file, span: document.spanOf([...path, source, index]) },
    })),
  }));
}
