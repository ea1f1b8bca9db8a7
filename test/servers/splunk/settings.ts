/** The truth values among the settings of saved searches; they come back as digits. */
export const booleans: ReadonlySet<string> = new Set([
  'disabled',
  'is_scheduled',
  'is_visible',
  'dispatch.lookups',
  'dispatch.rt_backfill',
  'dispatch.spawn_process',
  'dispatch.allow_partial_results',
  'realtime_schedule',
  'run_on_startup',
  'restart_on_searchpeer_add',
  'alert.digest_mode',
  'alert.suppress',
  'action.correlationsearch.enabled',
  'action.risk.param.verbose',
]);

/** The numbers, for installations that answer with numbers. */
export const numbers: ReadonlySet<string> = new Set([
  'alert.severity',
  'dispatch.buckets',
  'dispatch.max_count',
  'dispatch.max_time',
  'max_concurrent',
  'run_n_times',
]);

/** What a saved search has that nobody set (savedsearches.conf.spec). */
export const defaults: Readonly<Record<string, string>> = {
  'action.email': '0',
  'action.populate_lookup': '0',
  'action.rss': '0',
  'action.script': '0',
  'action.summary_index': '0',
  actions: '',
  'alert.digest_mode': '1',
  'alert.expires': '24h',
  'alert.managedBy': '',
  'alert.severity': '3',
  'alert.suppress': '0',
  'alert.suppress.fields': '',
  'alert.suppress.group_name': '',
  'alert.suppress.period': '',
  'alert.track': 'auto',
  alert_comparator: '',
  alert_condition: '',
  alert_threshold: '',
  alert_type: 'always',
  allow_skew: '0',
  cron_schedule: '',
  description: '',
  disabled: '0',
  'dispatch.buckets': '0',
  'dispatch.earliest_time': '',
  'dispatch.latest_time': '',
  'dispatch.lookups': '1',
  'dispatch.max_count': '500000',
  'dispatch.max_time': '0',
  'dispatch.rt_backfill': '0',
  'dispatch.spawn_process': '1',
  'dispatch.time_format': '%FT%T.%Q%:z',
  'dispatch.ttl': '2p',
  dispatchAs: 'owner',
  'display.general.type': 'statistics',
  is_scheduled: '0',
  is_visible: '1',
  max_concurrent: '1',
  realtime_schedule: '1',
  'request.ui_dispatch_app': '',
  'request.ui_dispatch_view': '',
  restart_on_searchpeer_add: '1',
  run_n_times: '0',
  run_on_startup: '0',
  schedule_as: 'auto',
  schedule_priority: 'default',
  schedule_window: '0',
  workload_pool: '',
};

/** Settings with a name of their own; see `isSetting` for families. */
const others: ReadonlySet<string> = new Set([
  'search',
  'alert.display_view',
  'dispatch.index_earliest',
  'dispatch.index_latest',
  'dispatch.auto_cancel',
  'dispatch.sample_ratio',
  'dispatch.reduce_freq',
]);

/** Whether the handler of saved searches takes an argument of this name. */
export function isSetting(name: string): boolean {
  return (
    Object.hasOwn(defaults, name) ||
    others.has(name) ||
    /^action\.\w+(\.[\w.]+)?$/.test(name) ||
    /^(?:display|auto_summarize|durable)\.[\w.]+$/.test(name)
  );
}

/** Arguments that need a capability beside that of writing. */
export const guarded: Readonly<Record<string, string>> = {
  schedule_priority: 'edit_search_schedule_priority',
  schedule_window: 'edit_search_schedule_window',
  is_scheduled: 'schedule_search',
  cron_schedule: 'schedule_search',
};
