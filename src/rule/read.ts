import { type FindingReport, type Report, reportIn } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import { isMap } from '../text/is-map.ts';
import type { SourceFile } from '../text/source-file.ts';
import { readYaml, type YamlDocument } from '../yaml/read.ts';
import { checkSchema } from '../yaml/schema.ts';
import { validate as validateCorrelation } from './correlation.schema.generated.js';
import { validate as validateFilter } from './filter.schema.generated.js';
import { readConditions } from './read-conditions.ts';
import { readCorrelation } from './read-correlation.ts';
import { readFilter } from './read-filter.ts';
import { mapAt, readHead, readLogSource, readVersion } from './read-head.ts';
import { ofDetection, readSelections } from './read-selections.ts';
import { validate } from './rule.schema.generated.js';
import type { CorrelationRule, DetectionRule, FilterRule, Rule, Unchecked } from './rule.ts';
import { type Tuning, tuneDocument } from './tune.ts';

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
  'sigma-version',
];
/** Keys that rule repositories add and no compiler reads. */
const otherKeys = ['simulation', 'regression_tests_path', 'custom', 'version'];
const settingKeys = [
  'targets',
  'version',
  'schedule',
  'suppress',
  'entities',
  'details',
  'emulation',
  'blindSpots',
  'response',
  'every',
  'delay',
  'for',
  'by',
  'approximate',
  'tunables',
  'ignore',
];
/** Keys of a correlation. */
const correlationKeys = [
  'type',
  'rules',
  'group-by',
  'timespan',
  'condition',
  'aliases',
  'generate',
  'field',
  'percentile',
  'gt',
  'gte',
  'lt',
  'lte',
  'eq',
  'neq',
];

/**
 * Reads every rule of a YAML file, with what a project sets in them. All problems of the file are reported;
 * rules with errors are marked.
 */
export function readRules(
  file: SourceFile,
  report: Report,
  tunings: readonly Tuning[] = [],
): readonly Rule[] {
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
    const tuned = tuneDocument(document, tunings, found);
    const rule = readRule(tuned.document, found);
    if (rule !== undefined) rules.push({ ...rule, tunables: tuned.tunables, broken: failed });
  }
  return rules;
}

type ReadRule = Unchecked<DetectionRule> | Unchecked<CorrelationRule> | Unchecked<FilterRule>;

function readRule(document: YamlDocument, report: FindingReport): ReadRule | undefined {
  const { value } = document;
  if (!isMap(value)) {
    report({
      code: 'rule/not-a-rule',
      message: 'A rule is a map of keys.',
      span: document.spanOf([]),
    });
    return undefined;
  }
  const [kind, ...others] = ['detection', 'correlation', 'filter'].filter((key) => key in value);
  for (const other of others) {
    const message = `A document is one rule: this one has "${kind}" and "${other}".`;
    const hint = 'Put one of them into a document of its own, behind "---".';
    report({ code: 'rule/two-kinds', message, span: document.keySpanOf([other]), hint });
  }
  if (kind === 'filter') return readFilterDocument(document, value, report);
  if (kind !== 'correlation') return readDetection(document, value, report);
  const known = [...topKeys, 'correlation', 'generate'];
  warnUnknownKeys(value, document, known, report);
  const keys = [...known, ...settingKeys, ...correlationKeys];
  const good = checkSchema(document, validateCorrelation, keys, report);
  return good || isMap(value['correlation']) ? readCorrelation(document, value, report) : undefined;
}

function readDetection(
  document: YamlDocument,
  value: Readonly<Record<string, unknown>>,
  report: FindingReport,
): Unchecked<DetectionRule> | undefined {
  warnUnknownKeys(value, document, [...topKeys, 'correlation', 'filter'], report);
  const good = checkSchema(document, validate, [...topKeys, ...settingKeys], report);
  // What is wrong elsewhere doesn't hide what is wrong in the detection.
  if (!good && !isMap(value['detection'])) return undefined;
  const detection = mapAt(value, 'detection');
  const version = readVersion(document, report);
  const selections = readSelections(
    { document, version, report },
    ['detection'],
    detection,
    ofDetection,
  );
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
  return {
    kind: 'detection',
    ...readHead(document, value, report),
    logsource: readLogSource(document, value),
    selections,
    conditions: readConditions(document, ['detection'], selections, report),
  };
}

function readFilterDocument(
  document: YamlDocument,
  value: Readonly<Record<string, unknown>>,
  report: FindingReport,
): Unchecked<FilterRule> | undefined {
  const known = [...topKeys, 'filter'];
  warnUnknownKeys(value, document, known, report);
  const good = checkSchema(document, validateFilter, [...known, ...settingKeys, 'rules'], report);
  return good || isMap(value['filter']) ? readFilter(document, value, report) : undefined;
}

function warnUnknownKeys(
  value: Readonly<Record<string, unknown>>,
  document: YamlDocument,
  known: readonly string[],
  report: FindingReport,
): void {
  for (const key of Object.keys(value)) {
    if (known.includes(key) || otherKeys.includes(key)) continue;
    const hint = didYouMean(key, known);
    const message = `Sigma has no key "${key}"; nothing reads it.`;
    const span = document.keySpanOf([key]);
    report({ code: 'rule/unknown-key', severity: 'warning', message, span, ...(hint && { hint }) });
  }
}

function isBlank(line: string): boolean {
  return line === '' || line === '---' || line.startsWith('#');
}
