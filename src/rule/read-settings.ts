import { isMap } from '../text/is-map.ts';
import type { YamlDocument } from '../yaml/read.ts';
import type { NamedField, RuleSettings } from './rule.ts';

/** What stands under `siemc:`; the schema has been checked. */
export function readSettings(document: YamlDocument, value: unknown): RuleSettings {
  const settings = isMap(value) ? value : {};
  const { targets, version, schedule, emulation } = settings;
  return {
    targets: Array.isArray(targets) ? targets.map(String) : undefined,
    version: typeof version === 'string' ? version : undefined,
    schedule: isMap(schedule)
      ? { every: String(schedule['every']), delay: String(schedule['delay']) }
      : undefined,
    entities: namedFields(document, settings, 'entities'),
    details: namedFields(document, settings, 'details'),
    emulation: Array.isArray(emulation) ? emulation.map(String) : [],
  };
}

function namedFields(
  document: YamlDocument,
  settings: Readonly<Record<string, unknown>>,
  key: string,
): readonly NamedField[] {
  const map = settings[key];
  if (!isMap(map)) return [];
  return Object.entries(map).map(([name, field]) => ({
    name,
    field: String(field),
    span: document.spanOf(['siemc', key, name]),
  }));
}
