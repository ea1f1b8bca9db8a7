import type { Place } from '../../diagnostics/diagnostic.ts';
import { isMap } from '../../text/is-map.ts';
import { valueAt } from '../../yaml/path.ts';
import type { YamlDocument } from '../../yaml/read.ts';
import type { NamedPath } from './named-path.ts';

/** What the configuration says of a list. */
export interface ListSetting {
  readonly name: string;
  /** Where its file is, when it isn't in the folder of lists. */
  readonly file: NamedPath | undefined;
  readonly inline: boolean;
  readonly at: Place;
}

/** What a configuration says of lists, for all or for what lies at a path of it; the schema has checked its form. */
export function readListSettings(
  document: YamlDocument,
  at: readonly string[] = [],
): readonly ListSetting[] {
  const { file: source } = document;
  const path = [...at, 'lists'];
  const given = valueAt(document.value, path);
  return Object.entries(isMap(given) ? given : {}).map(([name, setting]) => {
    const { file, inline } = isMap(setting) ? setting : {};
    const span = document.spanOf([...path, name, 'file']);
    return {
      name,
      file: file === undefined ? undefined : { name: String(file), at: { file: source, span } },
      inline: inline === true,
      at: { file: source, span: document.keySpanOf([...path, name]) },
    };
  });
}
