import type { Place } from '../diagnostics/diagnostic.ts';
import { isMap } from '../text/is-map.ts';
import type { YamlDocument } from '../yaml/read.ts';
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
  const keyAt = (...path: readonly string[]): Place => ({
    file,
    span: document.keySpanOf(['choices', ...path]),
  });
  return Object.entries(isMap(given) ? given : {}).flatMap(([target, sources]) =>
    Object.entries(isMap(sources) ? sources : {}).map(([source, names]) => ({
      target: { name: target, at: keyAt(target) },
      source: { name: source, at: keyAt(target, source) },
      choices: (Array.isArray(names) ? names : []).map((name, index) => ({
        name: String(name),
        at: { file, span: document.spanOf(['choices', target, source, index]) },
      })),
    })),
  );
}
