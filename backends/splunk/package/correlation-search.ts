import type { ReleasedOutput, ReleasedRule } from '#backend';
import { parse } from '../parse.ts';
import { columnOf, madeColumns } from './columns.ts';
import type { Entry } from './conf.ts';
import { oneLine } from './one-line.ts';

const severities = ['informational', 'low', 'medium', 'high', 'critical'];

/** What an entity is for the risk index, by the rule's name for it. */
const riskObjects = new Map(
  Object.entries({
    account: 'user',
    actor: 'user',
    identity: 'user',
    user: 'user',
    host: 'system',
    instance: 'system',
    ip: 'system',
    machine: 'system',
  }),
);

/** What makes a saved search a correlation search of Enterprise Security: a finding, and risk of its entities. */
export function correlationSearchEntries(rule: ReleasedRule, title: string): readonly Entry[] {
  const { facts } = rule;
  const name = literal(facts.title);
  const entities = entitiesOf(rule);
  const severity = severities.includes(facts.level ?? '') ? (facts.level ?? '') : 'unknown';
  const shown = entities.length === 0 ? '' : `: $${entities[0]?.column}$`;
  const score = 20 * Math.max(1, severities.indexOf(severity) + 1);
  const risk = entities.map(({ output, column }) => ({
    risk_object_field: column,
    risk_object_type: riskObjects.get(output.name) ?? 'other',
    risk_score: score,
  }));
  return [
    ['is_visible', '0'],
    ['action.correlationsearch.enabled', '1'],
    ['action.correlationsearch.label', title],
    ['action.correlationsearch.annotations', inOneLine({ mitre_attack: techniques(facts.tags) })],
    ['action.correlationsearch.detection_type', 'ebd'],
    ['action.correlationsearch.metadata', inOneLine(metadata(rule))],
    ['action.notable', '1'],
    ['action.notable.param.rule_title', `${name}${shown}`],
    ['action.notable.param.rule_description', literal(facts.description ?? facts.title)],
    ['action.notable.param.security_domain', 'threat'],
    ['action.notable.param.severity', severity],
    ...(entities.length === 0 ? [] : riskEntries(`${name}${shown}`, entities, risk)),
  ];
}

function riskEntries(
  message: string,
  entities: readonly { readonly column: string }[],
  risk: readonly object[],
): readonly Entry[] {
  return [
    ['action.notable.param.nes_fields', entities.map(({ column }) => column).join(',')],
    ['action.risk', '1'],
    ['action.risk.param._risk', inOneLine(risk)],
    ['action.risk.param._risk_message', message],
    ['action.risk.param._risk_score', '0'],
    ['action.risk.param.verbose', '0'],
  ];
}

function entitiesOf({
  outputs,
  query,
}: ReleasedRule): readonly { readonly output: ReleasedOutput; readonly column: string }[] {
  const made = madeColumns(parse(query));
  return outputs
    .filter(({ role }) => role === 'entity')
    .map((output) => ({ output, column: columnOf(output, made) }));
}

/** Of the tags those that name techniques of ATT&CK: `attack.t1578.003`. */
function techniques(tags: readonly string[]): readonly string[] {
  const ids = tags.flatMap((tag) => /^attack\.(t\d{4}(?:\.\d{3})?)$/i.exec(tag)?.[1] ?? []);
  return [...new Set(ids.map((id) => id.toUpperCase()))];
}

function metadata({ id, facts }: ReleasedRule): object {
  const [, year, month, day] = /^(\d{4})[-/](\d{2})[-/](\d{2})$/.exec(facts.date ?? '') ?? [];
  const time = day && Date.UTC(Number(year), Number(month) - 1, Number(day)) / 1000;
  return {
    detection_id: id,
    deprecated: facts.status === 'deprecated' ? '1' : '0',
    detection_version: facts.version ?? '1',
    ...(time !== undefined && { publish_time: time }),
  };
}

/** A text in which Splunk finds no `$field$` to put a value in the place of. */
function literal(text: string): string {
  return oneLine(text.replaceAll('$', '\uff04'));
}

/** JSON on one line, whose texts hold nothing that ends one. */
export function inOneLine(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\p{Cc}\p{Zl}\p{Zp}]/gu,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
