import type { LogSource } from '../logsource/log-source.ts';
import type { Items } from '../logsource/operation.ts';
import { resolveField } from '../logsource/resolve.ts';
import { actorOf, asksSuccess, defaults, partNames, type RuleDraft, titleOf } from './draft.ts';
import { type Ask, type Facts, textsIn } from './facts.ts';
import { operationOf, partsOf } from './operation-of.ts';
import { type NewDocument, yamlText } from './yaml-text.ts';

/** The text of a rule file. */
export function ruleText(draft: RuleDraft): string {
  const { kind, facts } = draft;
  if (kind === 'event') {
    const content = {
      ...headOf(draft),
      ...detectionOf(facts[0], draft),
      ...tailOf(draft),
    };
    return yamlText([{ content, comments: commentsOf }], flat);
  }
  const names = partNames(draft);
  const parts = names.map((name, index): NewDocument => {
    const title = `${titleOf(draft)}: ${kind === 'count' ? 'The Events' : index === 0 ? 'First' : 'Then'}`;
    const detection = detectionOf(facts[index] ?? facts[0], draft);
    return { content: { title: title.slice(0, 256), name, ...detection } };
  });
  const content = { ...headOf(draft), ...correlationOf(draft), ...tailOf(draft) };
  return yamlText([{ content, comments: commentsOf }, ...parts], flat);
}

/** Maps that are written on one line. */
const flat = [
  ['product', 'service', 'category'],
  ['every', 'delay'],
  ['window', 'threshold'],
];

const commentsOf = {
  tags: 'The technique in ATT&CK: attack.t1525, and what else it covers.',
  'siemc.schedule': 'How often the query runs, and how late records may come.',
};

function headOf(draft: RuleDraft): object {
  const { head, kind, facts } = draft;
  const [first, then] = facts.map((one) => one.asks.map(({ value }) => value).join(' '));
  const where = facts[0].source.title;
  const found = {
    event: `Finds records of ${where} that tell of ${first}.`,
    count: `Finds many records of ${where} within ${defaults.window} minutes that tell of ${first}.`,
    sequence: `Finds ${first} and within an hour ${then} in ${where}.`,
  }[kind].replace(/\s+/g, ' ');
  const more =
    'Say here why an adversary does this, what whoever gets the alert should look at, and what the rule does not see.';
  return {
    title: titleOf(draft),
    id: head.id,
    status: 'experimental',
    description: `${found}\n${more}\n`,
    author: head.author,
    date: head.date,
    tags: [],
  };
}

/** The log and the selection of one record, and what of failed ones is left out. */
function detectionOf(facts: Facts, draft: RuleDraft): object {
  const { source, asks } = facts;
  const operation = asksSuccess(draft, facts) ? operationOf(source)?.operation : undefined;
  const { succeeded = {}, failed = {} } = operation ?? {};
  const items = asks.map((ask) => [
    ask.end === undefined ? ask.field : `${ask.field}|endswith`,
    asked(ask, source),
  ]);
  const selection = { ...Object.fromEntries(items), ...succeeded };
  const hasFilter = Object.keys(failed as Items).length > 0;
  return {
    logsource: source.match,
    detection: {
      selection,
      ...(hasFilter ? { filter_main_failed: failed } : {}),
      condition: hasFilter ? 'selection and not filter_main_failed' : 'selection',
    },
  };
}

/** The value as a rule writes it: wildcards mean themselves. */
function asked({ field, value, end }: Ask, source: LogSource): string | number | boolean {
  const type = resolveField(source, field)?.type;
  if (type === 'boolean' && /^(true|false)$/.test(value)) return value === 'true';
  if (type === 'number' && String(Number(value)) === value) return Number(value);
  return literal(end ?? value);
}

/** A text in which `*` and `?` are no wildcards, and backslashes are themselves. */
export function literal(text: string): string {
  return text.replace(/\\(?=[\\*?])|[*?]/g, (one) => `\\${one}`);
}

function correlationOf(draft: RuleDraft): object {
  const { kind } = draft;
  const identity = actorOf(draft);
  const group = identity === undefined ? {} : { 'group-by': [identity] };
  const rules = partNames(draft);
  const correlation =
    kind === 'count'
      ? {
          type: 'event_count',
          rules,
          ...group,
          timespan: `${defaults.window}m`,
          condition: { gte: defaults.threshold },
        }
      : { type: 'temporal_ordered', rules, ...group, timespan: '1h' };
  return { correlation };
}

function tailOf(draft: RuleDraft): object {
  const { kind, targets } = draft;
  const tunables =
    kind === 'event'
      ? {}
      : kind === 'count'
        ? { window: 'correlation.timespan', threshold: 'correlation.condition.gte' }
        : { window: 'correlation.timespan' };
  const entities = entitiesOf(draft);
  return {
    falsepositives: ['Say who does this in daily work, and by what they are told apart.'],
    level: 'medium',
    siemc: {
      version: '0.1.0',
      ...(targets === undefined ? {} : { targets }),
      schedule: { every: '5m', delay: '15m' },
      ...(kind === 'event' ? {} : { tunables }),
      ...(Object.keys(entities).length === 0 ? {} : { entities }),
    },
  };
}

/** Who and what the record is about, by the fields that it has. */
function entitiesOf(draft: RuleDraft): Readonly<Record<string, string>> {
  const { source, record } = draft.facts[0];
  const has = (name: string): boolean => textsIn(record, name, source).length > 0;
  const addresses = [...source.fields.values()].filter(({ type }) => type === 'address');
  const resources = source.health.get('resource') ?? [];
  const identity = actorOf(draft);
  const acts = identity !== undefined && partsOf(source, identity).some(has);
  const found: Readonly<Record<string, string | undefined>> = {
    account: acts ? identity : undefined,
    ip: addresses.map(({ name }) => name).find(has),
    resource: resources.find(has),
  };
  return Object.fromEntries(
    Object.entries(found).flatMap(([role, name]) => (name === undefined ? [] : [[role, name]])),
  );
}
