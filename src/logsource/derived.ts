import type { Derivation } from './log-source.ts';

/** Derived fields by name, each with the names that it is made of. */
export type DerivedDocument = Readonly<Record<string, { readonly coalesce: readonly string[] }>>;

/** How many derived fields may be made of each other, one of the next. */
export const maxNesting = 20;

/**
 * How many derived fields lie one in another, from the field down: 1 for one that is made of fields of the
 * record only. Parts come before what is made of them; fields that lead into a circle aren't there.
 */
export function nestingOf(given: DerivedDocument): ReadonlyMap<string, number> {
  const users = new Map<string, string[]>();
  const open = new Map<string, number>();
  for (const [name, { coalesce }] of Object.entries(given)) {
    const parts = new Set(coalesce.filter((part) => Object.hasOwn(given, part)));
    open.set(name, parts.size);
    for (const part of parts) {
      const known = users.get(part);
      if (known === undefined) users.set(part, [name]);
      else known.push(name);
    }
  }
  const nesting = new Map<string, number>();
  const ready = [...open].flatMap(([name, parts]) => (parts === 0 ? [name] : []));
  for (const name of ready) nesting.set(name, 1);
  // The list grows while it is walked: a field is put behind the last of its parts.
  for (const part of ready) {
    for (const user of users.get(part) ?? []) {
      const left = (open.get(user) ?? 0) - 1;
      open.set(user, left);
      if (left > 0) continue;
      ready.push(user);
      nesting.set(user, deepest(given[user]?.coalesce ?? [], nesting) + 1);
    }
  }
  return new Map(ready.map((name) => [name, nesting.get(name) ?? 1]));
}

function deepest(parts: readonly string[], nesting: ReadonlyMap<string, number>): number {
  return parts.reduce((most, part) => Math.max(most, nesting.get(part) ?? 0), 0);
}

/**
 * Derived fields in terms of fields of the record: one that another is made of stands for its own parts.
 * Those that lead into a circle or too deep are left out.
 */
export function derivations(given: DerivedDocument): ReadonlyMap<string, Derivation> {
  const made = new Map<string, readonly string[]>();
  for (const [name, depth] of nestingOf(given)) {
    if (depth > maxNesting) continue;
    const parts = given[name]?.coalesce ?? [];
    made.set(name, [...new Set(parts.flatMap((part) => made.get(part) ?? [part]))]);
  }
  return new Map(
    Object.keys(given).flatMap((name) => {
      const of = made.get(name);
      return of === undefined ? [] : [[name, { kind: 'coalesce', of }] as const];
    }),
  );
}
