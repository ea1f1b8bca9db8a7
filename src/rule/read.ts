import { type FindingReport, type Report, reportIn } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import { isMap } from '../text/is-map.ts';
import type { SourceFile } from '../text/source-file.ts';
import { readYaml, type YamlDocument } from '../yaml/read.ts';
import { checkSchema } from '../yaml/schema.ts';
import { readConditions } from './read-conditions.ts';
import { readSelections } from './read-selections.ts';
import { readSettings } from './read-settings.ts';
import { validate } from './rule.schema.generated.js';
import type { Rule } from './rule.ts';

const topKeys = [
  'title',
  'id',
  'name',
  'related',
  'taxonomy',
  'status',
  'description',
  'license',
  'author',
  'references',
  'date',
  'modified',
  'logsource',
  'detection',
  'fields',
  'falsepositives',
  'level',
  'tags',
  'scope',
  'siemc',
];
/** Keys that rule repositories add and no compiler reads. */
const otherKeys = ['simulation', 'regression_tests_path', 'custom', 'version'];
const settingKeys = [
  'targets',
  'version',
  'schedule',
  'entities',
  'details',
  'emulation',
  'every',
  'delay',
];

/** Reads every rule of a YAML file. All problems of the file are reported; rules with errors are marked. */
export function readRules(file: SourceFile, report: Report): readonly Rule[] {
  const rules: Rule[] = [];
  const documents = readYaml(file, reportIn(file, report));
  if (file.text.split('\n').every((line) => isBlank(line.trim()))) {
    const span = { start: 0, end: 1 };
    const message = 'The file holds no rule.';
    reportIn(file, report)({ code: 'rule/empty-file', severity: 'warning', message, span });
  }
  const collection = documents.find(({ value }) => isMap(value) && 'action' in value);
  if (collection !== undefined) {
    reportIn(
      file,
      report,
    )({
      code: 'rule/unsupported-kind',
      message: 'The file is a rule collection of Sigma 1 ("action"), which siemc doesn\'t read.',
      span: collection.keySpanOf(['action']),
      hint: 'Write each rule as a whole document.',
    });
    return [];
  }
  for (const document of documents) {
    let failed = false;
    const found: FindingReport = (finding) => {
      if ((finding.severity ?? 'error') === 'error') failed = true;
      reportIn(file, report)(finding);
    };
    const rule = readRule(document, found);
    if (rule !== undefined) rules.push({ ...rule, broken: failed });
  }
  return rules;
}

function readRule(document: YamlDocument, report: FindingReport): Omit<Rule, 'broken'> | undefined {
  const { value, file } = document;
  if (!isMap(value)) {
    report({
      code: 'rule/not-a-rule',
      message: 'A rule is a map of keys.',
      span: document.spanOf([]),
    });
    return undefined;
  }
  if (!isDetection(value, document, report)) return undefined;
  warnUnknownKeys(value, document, report);
  const good = checkSchema(document, validate, [...topKeys, ...settingKeys], report);
  // What is wrong elsewhere doesn't hide what is wrong in the detection.
  if (!good && !isMap(value['detection'])) return undefined;
  const detection = mapAt(value, 'detection');
  const selections = readSelections(document, detection, report);
  if ('timeframe' in detection) {
    const message =
      'Nothing reads "timeframe": it belonged to aggregations, which Sigma has no more.';
    const span = document.keySpanOf(['detection', 'timeframe']);
    report({ code: 'rule/timeframe', severity: 'warning', message, span });
  }
  if (selections.length === 0 && 'detection' in value) {
    const message = 'The detection has a condition but no selection.';
    report({ code: 'rule/no-selection', message, span: document.keySpanOf(['detection']) });
  }
  const text = (key: string): string | undefined => document.scalarAt([key])?.text;
  return {
    file,
    span: document.spanOf([]),
    title: text('title') ?? '',
    id: text('id')?.toLowerCase(),
    name: text('name'),
    status: text('status'),
    description: text('description'),
    author: text('author'),
    date: text('date')?.replaceAll('/', '-'),
    level: text('level'),
    tags: texts(value, 'tags'),
    references: texts(value, 'references'),
    falsePositives: texts(value, 'falsepositives'),
    logsource: { ...logsourceOf(mapAt(value, 'logsource')), span: document.spanOf(['logsource']) },
    selections,
    conditions: readConditions(document, selections, report),
    settings: readSettings(document, value['siemc']),
  };
}

/** Whether a document is a detection rule; says what else it is. */
function isDetection(
  value: Readonly<Record<string, unknown>>,
  document: YamlDocument,
  report: FindingReport,
): boolean {
  const other: Readonly<Record<string, string>> = {
    correlation: 'a correlation rule',
    filter: 'a filter',
  };
  for (const [key, what] of Object.entries(other)) {
    if (!(key in value)) continue;
    const message = `This document is ${what}, which siemc can't compile yet.`;
    report({ code: 'rule/unsupported-kind', message, span: document.keySpanOf([key]) });
    return false;
  }
  return true;
}

function warnUnknownKeys(
  value: Readonly<Record<string, unknown>>,
  document: YamlDocument,
  report: FindingReport,
): void {
  for (const key of Object.keys(value)) {
    if (topKeys.includes(key) || otherKeys.includes(key)) continue;
    const hint = didYouMean(key, topKeys);
    const message = `Sigma has no key "${key}"; nothing reads it.`;
    const span = document.keySpanOf([key]);
    report({ code: 'rule/unknown-key', severity: 'warning', message, span, ...(hint && { hint }) });
  }
}

function logsourceOf(map: Readonly<Record<string, unknown>>): {
  category?: string;
  product?: string;
  service?: string;
} {
  const result: Record<string, string> = {};
  for (const key of ['category', 'product', 'service']) {
    const value = map[key];
    if (typeof value === 'string') result[key] = value;
  }
  return result;
}

function texts(value: Readonly<Record<string, unknown>>, key: string): readonly string[] {
  const list = value[key];
  return Array.isArray(list) ? list.filter((item) => typeof item === 'string') : [];
}

function mapAt(
  value: Readonly<Record<string, unknown>>,
  key: string,
): Readonly<Record<string, unknown>> {
  const inner = value[key];
  return isMap(inner) ? inner : {};
}

function isBlank(line: string): boolean {
  return line === '' || line === '---' || line.startsWith('#');
}
