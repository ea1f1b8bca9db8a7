import type { Ids } from '../http/ids.ts';
import type { AlertRule } from './model.ts';

/** The rules of a workspace, now and some time ago. */
export interface RuleStore {
  /** As they are. */
  now(): ReadonlyMap<string, AlertRule>;
  /** As readers see them, who see writes only after a delay. */
  seen(): ReadonlyMap<string, AlertRule>;
  /** Writes a rule, with a new etag. */
  put(rule: Omit<AlertRule, 'etag'>): AlertRule;
  remove(id: string): void;
  /** When a rule of this id was deleted; nothing where none was, or the id may be used again. */
  deletedAt(id: string): number | undefined;
}

const tombstone = 24 * 3600_000;

/** The rules of a workspace; ids count whatever the case of their letters. */
export function ruleStore(ids: Ids, now: () => number, readDelay: number): RuleStore {
  const past: { readonly time: number; readonly rules: ReadonlyMap<string, AlertRule> }[] = [
    { time: -Infinity, rules: new Map() },
  ];
  const deleted = new Map<string, number>();
  const current = (): ReadonlyMap<string, AlertRule> => past.at(-1)?.rules ?? new Map();
  const write = (rules: ReadonlyMap<string, AlertRule>): void => {
    past.push({ time: now(), rules });
  };
  return {
    now: current,
    seen: () => past.findLast(({ time }) => time <= now() - readDelay)?.rules ?? new Map(),
    put(rule) {
      const written = { ...rule, etag: newEtag(ids) };
      write(new Map(current()).set(rule.id.toLowerCase(), written));
      return written;
    },
    remove(id) {
      const rules = new Map(current());
      if (rules.delete(id.toLowerCase())) deleted.set(id.toLowerCase(), now());
      write(rules);
    },
    deletedAt(id) {
      const time = deleted.get(id.toLowerCase());
      return time !== undefined && now() - time < tombstone ? time : undefined;
    },
  };
}

/** A tag of a version, with its quotes. */
export function newEtag(ids: Ids): string {
  return `"${ids.hex(8)}-0000-0100-0000-${ids.hex(12)}"`;
}

/** The name of a rule that failed too often, as the service changes it. */
export function autoDisabled(rule: AlertRule, reason: string): Omit<AlertRule, 'etag'> {
  const { displayName, description } = rule.properties;
  return {
    ...rule,
    properties: {
      ...rule.properties,
      enabled: false,
      displayName: `AUTO DISABLED ${String(displayName)}`,
      description: `${reason}\r\n${String(description ?? '')}`,
    },
  };
}
