import type { YamlDocument, YamlPath } from '../yaml/read.ts';
import type { Named } from './rule.ts';

/** One name or a list of them. */
export function namesAt(document: YamlDocument, path: YamlPath): readonly Named[] {
  const one = document.scalarAt(path);
  if (one !== undefined) return [{ name: one.text, span: document.spanOf(path) }];
  const names: Named[] = [];
  for (let i = 0; ; i += 1) {
    const scalar = document.scalarAt([...path, i]);
    if (scalar === undefined) return names;
    names.push({ name: scalar.text, span: document.spanOf([...path, i]) });
  }
}
