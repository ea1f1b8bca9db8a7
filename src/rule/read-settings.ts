import type { FindingReport } from '../diagnostics/diagnostic.ts';
import { isMap } from '../text/is-map.ts';
import type { YamlDocument } from '../yaml/read.ts';
import type { NamedField, RuleSettings } from './rule.ts';
import { parseTimespan } from './timespan.ts';

/** What stands under `siemc:`; the schema has been checked. */
export function readSettings(
  document: YamlDocument,
  value: unknown,
  report: FindingReport,
): RuleSettings {
  const settings = isMap(value) ? value : {};
  const { targets, version, schedule, suppress } = settings;
  return {
    targets: Array.isArray(targets) ? targets.map(String) : undefined,
    version: typeof version === 'string' ? version : undefined,
    versionSpan: typeof version === 'string' ? document.spanOf(['siemc', 'version']) : undefined,
    schedule: isMap(schedule) ? readSchedule(document, report) : undefined,
    suppress: isMap(suppress) ? readSuppression(document, suppress['by'], report) : undefined,
    approximate: readApproximations(document, settings['approximate']),
    entities: namedFields(document, settings, 'entities'),
    details: namedFields(document, settings, 'details'),
    emulation: texts(settings['emulation']),
    blindSpots: texts(settings['blindSpots']),
    response: texts(settings['response']),
    ignore: readIgnored(document, settings['ignore'], report),
  };
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
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

function readSchedule(document: YamlDocument, report: FindingReport): RuleSettings['schedule'] {
  const every = timespanAt(document, ['siemc', 'schedule', 'every'], report);
  const delay = timespanAt(document, ['siemc', 'schedule', 'delay'], report);
  if (every === undefined || delay === undefined) return undefined;
  return { every, delay, span: document.spanOf(['siemc', 'schedule']) };
}

function readSuppression(
  document: YamlDocument,
  by: unknown,
  report: FindingReport,
): RuleSettings['suppress'] {
  const path = ['siemc', 'suppress'];
  const milliseconds = timespanAt(document, [...path, 'for'], report);
  if (milliseconds === undefined || !Array.isArray(by)) return undefined;
  return {
    for: milliseconds,
    by: by.map((name, at) => ({
      name: String(name),
      span: document.spanOf([...path, 'by', at]),
    })),
    span: document.spanOf(path),
    forSpan: document.spanOf([...path, 'for']),
  };
}

/** Milliseconds; what isn't even of the form, the schema has told. */
function timespanAt(
  document: YamlDocument,
  path: readonly string[],
  report: FindingReport,
): number | undefined {
  const text = document.scalarAt(path)?.text ?? '';
  const parsed = parseTimespan(text);
  if (typeof parsed === 'number') return parsed;
  if (/^[0-9]+[smhdw]$/.test(text))
    report({ code: 'rule/timespan', message: `${parsed.problem}.`, span: document.spanOf(path) });
  return undefined;
}

function readApproximations(document: YamlDocument, value: unknown): RuleSettings['approximate'] {
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([target, codes]) =>
    (Array.isArray(codes) ? codes : []).map((code, index) => ({
      target,
      code: String(code),
      span: document.spanOf(['siemc', 'approximate', target, index]),
    })),
  );
}

/** What the rule ignores; somebody has to be able to judge the reason later. */
function readIgnored(
  document: YamlDocument,
  value: unknown,
  report: FindingReport,
): RuleSettings['ignore'] {
  if (!isMap(value)) return [];
  return Object.entries(value).map(([key, reason]) => {
    const path = ['siemc', 'ignore', key];
    if (typeof reason === 'string' && reason.trim().split(/\s+/).length < 3) {
      const message = `Say in a few words why "${key}" doesn't matter in this rule.`;
      report({ code: 'rule/ignore-reason', message, span: document.spanOf(path) });
    }
    return { key, reason: String(reason), span: document.keySpanOf(path) };
  });
}
