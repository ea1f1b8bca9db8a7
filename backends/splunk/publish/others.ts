import { type Key, searchKeys } from './keys.ts';
import type { Kind } from './kinds.ts';
import { type Content, enabledActions } from './values.ts';

/** Settings of a saved search that siemc says nothing of and people do, and what they are unless somebody sets them. */
const untold: Readonly<Record<string, string>> = {
  'alert.managedBy': '',
  'alert.suppress.group_name': '',
  alert_condition: '',
  'dispatch.index_earliest': '',
  'dispatch.index_latest': '',
  dispatchAs: 'owner',
  max_concurrent: '1',
  'request.ui_dispatch_app': '',
  'request.ui_dispatch_view': '',
  schedule_priority: 'default',
  workload_pool: '',
};
const untoldMacro: Readonly<Record<string, string>> = { errormsg: '', validation: '' };

/** Actions that siemc says on or off; the first is on where `action.correlationsearch.enabled` is. */
const ownActions = ['correlationsearch', 'notable', 'risk', 'siemc'];

/** What others have set of an object: `actions` are those that siemc doesn't know. */
export function othersIn(kind: Kind, content: Content): Readonly<Record<string, string>> {
  if (kind.keys !== searchKeys) return told(content, untoldMacro, kind.keys);
  const actions = [...enabledActions(content)].filter((action) => !ownActions.includes(action));
  const enabled = new Set([...actions, ...ownActions]);
  const parameters = Object.keys(content).filter((name) => {
    const [, action] = /^action\.(\w+)\../.exec(name) ?? [];
    return action !== undefined && enabled.has(action);
  });
  const empty = Object.fromEntries(parameters.map((name) => [name, '']));
  return {
    ...(actions.length > 0 && { actions: actions.sort().join(',') }),
    ...told(content, { ...untold, ...empty }, kind.keys),
  };
}

/** The list of actions that makes these of siemc's run, beside those of others. */
export function actionsText(
  others: Readonly<Record<string, string>>,
  isOn: (name: string) => boolean,
): string {
  const own = [
    ...(isOn('action.correlationsearch.enabled') ? ['correlationsearch'] : []),
    ...(isOn('action.notable') ? ['notable'] : []),
    ...(isOn('action.risk') ? ['risk'] : []),
  ];
  const theirs = others['actions'];
  return [...own, ...(theirs === undefined ? [] : [theirs])].join(',');
}

function told(
  content: Content,
  names: Readonly<Record<string, string>>,
  keys: readonly Key[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(names)
      .filter(([name]) => keys.every((key) => key.name !== name))
      .flatMap(([name, otherwise]) => {
        const value = content[name];
        const text = typeof value === 'string' ? value : String(value ?? '');
        return text === '' || text === otherwise ? [] : [[name, text]];
      }),
  );
}
