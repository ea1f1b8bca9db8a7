import type { Json } from '#backend';

/** How the values of a setting are compared. */
export type ValueType =
  /** Lines, whatever they end in. */
  | 'text'
  /** A query. */
  | 'search'
  /** Words with one blank between them. */
  | 'words'
  | 'flag'
  | 'number'
  /** A truth value, or a word. */
  | 'track'
  /** Names with commas between them, in any order. */
  | 'list'
  | 'json'
  /** Whether the list of actions has it. */
  | 'action';

/** Settings by their names over REST, in their normal form. */
export type Settings = Readonly<Record<string, Json>>;

/** A setting that siemc says something of. */
export interface Key {
  /** Its name over REST. */
  readonly name: string;
  /** Its name in a configuration file, where that is another. */
  readonly conf?: string;
  readonly type: ValueType;
  /** What it is unless somebody sets it (savedsearches.conf); settings of actions have no value then. */
  readonly otherwise: Json;
  /** Whether it means anything beside the other settings; where it doesn't, it counts as not set. */
  readonly counts?: (settings: Settings) => boolean;
}

const text = (name: string, otherwise: Json = ''): Key => ({ name, type: 'text', otherwise });
const flag = (name: string, otherwise: Json): Key => ({ name, type: 'flag', otherwise });
const isOn =
  (name: string): Required<Key>['counts'] =>
  (settings) =>
    settings[name] === true;
const isScheduled = isOn('is_scheduled');
const isCounted = ({ alert_type: type }: Settings): boolean => type !== 'always';
const isSuppressed = isOn('alert.suppress');
const isCorrelation = isOn('action.correlationsearch.enabled');
const isNotable = isOn('action.notable');
const isRisk = isOn('action.risk');

/** By which a saved search is siemc's, and of which rule it is. */
export const markerKey = 'action.siemc.rule_id';

/** All settings of a saved search that a package may have. */
export const searchKeys: readonly Key[] = [
  text(markerKey),
  text('action.siemc.title'),
  text('action.siemc.version'),
  text('action.siemc.path'),
  { name: 'search', type: 'search', otherwise: '' },
  text('description'),
  flag('disabled', false),
  { ...flag('is_scheduled', false), conf: 'enableSched' },
  { name: 'cron_schedule', type: 'words', otherwise: '', counts: isScheduled },
  text('dispatch.earliest_time'),
  text('dispatch.latest_time'),
  flag('realtime_schedule', true),
  text('schedule_window', '0'),
  text('allow_skew', '0'),
  { ...text('alert_type', 'always'), conf: 'counttype' },
  { ...text('alert_comparator'), conf: 'relation', counts: isCounted },
  { ...text('alert_threshold'), conf: 'quantity', counts: isCounted },
  { name: 'alert.track', type: 'track', otherwise: 'auto' },
  { name: 'alert.severity', type: 'number', otherwise: 3 },
  flag('alert.digest_mode', true),
  flag('alert.suppress', false),
  { ...text('alert.suppress.period'), counts: isSuppressed },
  { name: 'alert.suppress.fields', type: 'list', otherwise: [], counts: isSuppressed },
  text('alert.expires', '24h'),
  flag('is_visible', true),
  flag('action.correlationsearch.enabled', false),
  { ...text('action.correlationsearch.label'), counts: isCorrelation },
  {
    name: 'action.correlationsearch.annotations',
    type: 'json',
    otherwise: '',
    counts: isCorrelation,
  },
  { ...text('action.correlationsearch.detection_type'), counts: isCorrelation },
  { name: 'action.correlationsearch.metadata', type: 'json', otherwise: '', counts: isCorrelation },
  { name: 'action.notable', type: 'action', otherwise: false },
  { ...text('action.notable.param.rule_title'), counts: isNotable },
  { ...text('action.notable.param.rule_description'), counts: isNotable },
  { ...text('action.notable.param.security_domain'), counts: isNotable },
  { ...text('action.notable.param.severity'), counts: isNotable },
  text('action.notable.param.nes_fields'),
  { name: 'action.risk', type: 'action', otherwise: false },
  { name: 'action.risk.param._risk', type: 'json', otherwise: '', counts: isRisk },
  { ...text('action.risk.param._risk_message'), counts: isRisk },
  { ...text('action.risk.param._risk_score'), counts: isRisk },
  { ...flag('action.risk.param.verbose', ''), counts: isRisk },
];

/** All settings of a search macro that a package may have, and those that would make something else of it. */
export const macroKeys: readonly Key[] = [
  text('definition'),
  text('args'),
  flag('iseval', false),
  flag('disabled', false),
];
