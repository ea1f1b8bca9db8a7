import { byCodePoint, type Goal, type Observed, type Read } from '#backend';
import { type Api, listPath, rulePath, unknownId } from './api.ts';
import { listNameIn, observedList } from './list.ts';
import { bodyOf, listings, pagesOf } from './pages.ts';
import { type JsonMap, textOf } from './replies.ts';
import { keyOf, type ObservedRule, observedRule, ruleIdIn } from './rule.ts';

/** All rules, how they run, and all lists: three lists by pages, nothing for each rule. */
export async function observeAll(
  api: Api,
  read: Read,
  ruleIds: readonly string[],
): Promise<readonly Observed[]> {
  const rules = await pagesOf(api, read, listings.rules);
  const deployments = await pagesOf(api, read, listings.deployments);
  const lists = await pagesOf(api, read, listings.lists);
  const deploymentOf = new Map(deployments.map((one) => [ruleIdIn(one['name']), one]));
  const ids = new Set(ruleIds.map((id) => id.toLowerCase()));
  const found = new Map<string, Found>();
  for (const rule of rules) {
    const id = ruleIdIn(rule['name']);
    if (id === undefined) continue;
    const listed = deploymentOf.get(id);
    const isOurs = keyOf(rule, ids) !== undefined;
    // Of ours it has to be known; made after the list was read, or left out of it.
    const deployment = listed ?? (isOurs ? await readDeployment(api, read, id) : {});
    if (deployment === undefined) continue;
    const archived = textOf(deployment['archiveTime']) ?? '';
    found.set(id, { rule: observedRule(id, rule, deployment, ids), archived });
  }
  return [
    ...withoutOldCopies([...found.values()]),
    ...lists.flatMap((list) => {
      const name = listNameIn(list);
      return name === undefined ? [] : [observedList(name, list)];
    }),
  ];
}

interface Found {
  readonly rule: ObservedRule;
  /** When it was archived. */
  readonly archived: string;
}

/** Of a rule that is there more than once, archived copies beside others don't count; of archived ones the newest does. */
function withoutOldCopies(found: readonly Found[]): readonly ObservedRule[] {
  const counts = new Map<string, Found>();
  for (const one of found) {
    const { key, projection } = one.rule;
    if (key === undefined) continue;
    const other = counts.get(key);
    const isOlder =
      other !== undefined &&
      (!other.rule.projection.deployment.archived ||
        (projection.deployment.archived && one.archived <= other.archived));
    if (!isOlder) counts.set(key, one);
  }
  return found.map((one) => {
    const { key, projection } = one.rule;
    const isOld = key !== undefined && projection.deployment.archived && counts.get(key) !== one;
    return isOld ? { ...one.rule, key: undefined } : one.rule;
  });
}

/** One object as it is now. What may have been made without a reply is looked for by its name. */
export async function observeOne(
  api: Api,
  read: Read,
  goal: Goal,
  seen: Observed | undefined,
): Promise<Observed | undefined> {
  const key = goal.kind === 'present' ? goal.object.key : seen?.key;
  const [kind, own = ''] = splitKey(key ?? '');
  if (kind === 'list') {
    const { query } = listings.lists;
    const list = bodyOf(await read(api.call('getReferenceList', listPath(own), { query })));
    return list && observedList(own, list);
  }
  const ids = new Set([own]);
  if (seen !== undefined && seen.id !== unknownId) {
    const path = rulePath(seen.id);
    const rule = bodyOf(await read(api.call('getRule', path, { query: { view: 'FULL' } })));
    return rule && withDeployment(api, read, seen.id, rule, ids);
  }
  return goal.kind === 'present' ? madeRule(api, read, goal.object, ids) : undefined;
}

/** The rule of a goal, if it was made: the service chose its id. Of several the oldest, for all who ask. */
async function madeRule(
  api: Api,
  read: Read,
  { name }: Extract<Goal, { readonly kind: 'present' }>['object'],
  ids: ReadonlySet<string>,
): Promise<Observed | undefined> {
  const query = { ...listings.rules.query, filter: `display_name:${name}` };
  const rules = await pagesOf(api, read, { ...listings.rules, query });
  const born = (rule: JsonMap): string => `${rule['createTime']} ${rule['name']}`;
  for (const rule of rules.toSorted((a, b) => byCodePoint(born(a), born(b)))) {
    const id = ruleIdIn(rule['name']);
    if (id === undefined || keyOf(rule, ids) === undefined) continue;
    const whole = await withDeployment(api, read, id, rule, ids);
    if (whole !== undefined && !whole.projection.deployment.archived) return whole;
  }
  return undefined;
}

async function withDeployment(
  api: Api,
  read: Read,
  id: string,
  rule: JsonMap,
  ids: ReadonlySet<string>,
): Promise<ObservedRule | undefined> {
  const deployment = await readDeployment(api, read, id);
  return deployment && observedRule(id, rule, deployment, ids);
}

async function readDeployment(api: Api, read: Read, id: string): Promise<JsonMap | undefined> {
  return bodyOf(await read(api.call('getRuleDeployment', `${rulePath(id)}/deployment`)));
}

function splitKey(key: string): readonly string[] {
  const at = key.indexOf(':');
  return [key.slice(0, at), key.slice(at + 1)];
}
