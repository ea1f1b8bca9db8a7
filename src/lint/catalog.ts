import type { Severity } from '../diagnostics/diagnostic.ts';

/** How much a finding matters to a project. */
export type Level = Severity | 'off';

/** The levels that a configuration may give. */
export const levels: readonly Level[] = ['off', 'note', 'warning', 'error'];

/** A finding that isn't an error of itself: a project may give it another level, a rule may ignore it. */
export interface Lint {
  /** Of `*` instead of a stage: that of any target. */
  readonly code: string;
  readonly level: Level;
  /** What it tells of. */
  readonly says: string;
  /** Whether it is found only after a rule is read and planned. */
  readonly late?: true;
}

/** Every finding that isn't an error, by code. */
export const lints: readonly Lint[] = [
  {
    code: 'array/negated-list',
    level: 'note',
    says: 'not over a test of a field that holds several values',
  },
  {
    code: 'condition/unused-selection',
    level: 'warning',
    says: 'a selection that no condition uses',
  },
  {
    code: 'correlation/always',
    level: 'warning',
    says: 'a condition of a correlation that always holds',
  },
  {
    code: 'correlation/event-anchored',
    level: 'warning',
    says: 'a condition that only holds at events',
  },
  { code: 'correlation/unused-alias', level: 'warning', says: 'an alias that nothing names' },
  {
    code: 'diff/version',
    level: 'warning',
    says: 'a rule that means something else in a change, under the version that it had',
    late: true,
  },
  { code: 'file/link', level: 'warning', says: 'a link that is left out', late: true },
  { code: 'filter/keeps', level: 'warning', says: 'a filter that keeps what it describes' },
  { code: 'filter/unused', level: 'warning', says: 'a filter that narrows no rule' },
  { code: 'lint/always-matches', level: 'warning', says: 'a rule that every event satisfies' },
  {
    code: 'lint/attack-outdated',
    level: 'note',
    says: 'a technique or tactic that ATT&CK gave up',
  },
  { code: 'lint/attack-tag', level: 'warning', says: 'a tag of ATT&CK that names nothing' },
  { code: 'lint/broad-rule', level: 'warning', says: 'a rule that asks for no value' },
  { code: 'lint/duplicate-value', level: 'note', says: 'a value that stands twice in a list' },
  {
    code: 'lint/empty-part',
    level: 'warning',
    says: 'contains, startswith or endswith of nothing',
  },
  {
    code: 'lint/longer-value',
    level: 'off',
    says: 'a value that only goes on where another one of its list ends',
  },
  {
    code: 'lint/never-matches',
    level: 'warning',
    says: 'a rule or a part of it that no event satisfies',
  },
  {
    code: 'lint/never-there',
    level: 'warning',
    says: 'a field that the log source only has in other events',
  },
  { code: 'lint/plain-regex', level: 'note', says: 'a regular expression that only spells a text' },
  {
    code: 'lint/subsumed-value',
    level: 'note',
    says: 'a value that another one of its list covers',
  },
  { code: 'lint/unused-ignore', level: 'warning', says: 'an ignored finding that is none' },
  { code: 'lint/wildcard-only', level: 'off', says: '* alone as a value' },
  {
    code: 'lint/windows-path',
    level: 'warning',
    says: 'a path with a backslash that Sigma reads otherwise',
  },
  { code: 'list/duplicate', level: 'warning', says: 'an entry that stands twice', late: true },
  { code: 'list/empty', level: 'warning', says: 'a list without entries', late: true },
  {
    code: 'plan/keyword-in-json',
    level: 'warning',
    says: 'a keyword with a character that JSON escapes',
  },
  { code: 'plan/log-source', level: 'warning', says: 'a log source that is almost a known one' },
  { code: 'rule/all-of-one', level: 'warning', says: 'all of a single value' },
  { code: 'rule/base64-whole', level: 'warning', says: 'base64offset of a whole value' },
  { code: 'rule/duplicate-title', level: 'warning', says: 'two rules of one title', late: true },
  { code: 'rule/empty-file', level: 'warning', says: 'a file without a rule' },
  {
    code: 'rule/number-precision',
    level: 'warning',
    says: 'a number with more digits than are compared',
  },
  { code: 'rule/number-text', level: 'warning', says: 'a number that is compared in another form' },
  { code: 'rule/timeframe', level: 'warning', says: 'a timeframe, which nothing reads' },
  { code: 'rule/unknown-key', level: 'warning', says: 'a key that nothing reads' },
  {
    code: 'rule/unused-approximation',
    level: 'warning',
    says: 'an accepted loss that is none',
    late: true,
  },
  {
    code: 'test/file-name',
    level: 'warning',
    says: 'a test file that belongs to no rule',
    late: true,
  },
  {
    code: 'test/outside-domain',
    level: 'warning',
    says: 'a test event that the source never writes',
    late: true,
  },
  {
    code: 'test/uncovered-field',
    level: 'warning',
    says: 'a field that a rule reads and none of the events of its tests has',
    late: true,
  },
  {
    code: 'test/unused-survivor',
    level: 'warning',
    says: 'an accepted mutant that does not survive',
    late: true,
  },
  { code: 'yaml/ambiguous-scalar', level: 'warning', says: 'a word that YAML 1.1 reads otherwise' },
  {
    code: '*/no-output',
    level: 'note',
    says: 'an output that a target has no place for',
    late: true,
  },
];

const byCode = new Map(lints.map((lint) => [lint.code, lint]));

/** What a code tells of; nothing for an error. */
export function lintOf(code: string): Lint | undefined {
  return byCode.get(code) ?? byCode.get(code.replace(/^[^/]+/, '*'));
}

/** The code that a configuration or a rule means: a whole one, or the part behind `lint/`. */
export function codeOf(key: string): string | undefined {
  const code = key.includes('/') ? key : `lint/${key}`;
  return lintOf(code) === undefined ? undefined : code;
}

/** All that may stand for a code, for suggestions. */
export function lintKeys(): readonly string[] {
  return lints.flatMap(({ code }) => (code.startsWith('lint/') ? [code.slice(5), code] : [code]));
}
