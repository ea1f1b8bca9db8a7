import type { Backend } from '../backend/backend.ts';
import type { BuiltRule } from '../library/built/build.ts';
import { compileUnit, ownersOn } from '../library/units.ts';
import { byCodePoint } from '../text/by-code-point.ts';

/** Why some rules have no query on a target. */
export interface Gap {
  /**
   * `refused`: the target can't say them. `part`: they take part in a correlation, which alerts in their stead.
   * `left-out`: the target could say them, and the rules name others.
   */
  readonly kind: 'refused' | 'part' | 'left-out';
  /** The code of what the compiler says, where it refuses. */
  readonly code: string | undefined;
  /** What the compiler says of most of them. */
  readonly message: string;
  /** How many different things it says of all. */
  readonly messages: number;
  /** The paths of the rules, as the manifest has them. */
  readonly rules: readonly string[];
}

/** Why one rule has no query on a target. */
export interface Reason {
  readonly kind: Gap['kind'];
  readonly code: string | undefined;
  readonly message: string;
  readonly stem: string;
}

/** Why rules of all have no query on a target, the same reasons together, the commonest first. */
export function gapsOf(
  rules: readonly BuiltRule[],
  backend: Backend,
  all: readonly BuiltRule[],
): readonly Gap[] {
  const groups = new Map<string, Reason[]>();
  for (const rule of rules) {
    const reason = reasonOf(rule, backend, all);
    const key = `${reason.kind} ${reason.code ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), reason]);
  }
  return [...groups.values()]
    .map((reasons): Gap => {
      const { kind = 'refused', code } = reasons[0] ?? {};
      const [message = '', ...others] = byNumber(reasons.map((one) => one.message));
      const rules = reasons.map(({ stem }) => stem);
      return { kind, code, message, messages: others.length + 1, rules };
    })
    .sort(
      (a, b) =>
        b.rules.length - a.rules.length ||
        byCodePoint(a.kind, b.kind) ||
        byCodePoint(a.code ?? '', b.code ?? ''),
    );
}

/** Texts, each once, the commonest first. */
function byNumber(texts: readonly string[]): readonly string[] {
  const numbers = new Map<string, number>();
  for (const text of texts) numbers.set(text, (numbers.get(text) ?? 0) + 1);
  return [...numbers.keys()].sort(
    (a, b) => (numbers.get(b) ?? 0) - (numbers.get(a) ?? 0) || byCodePoint(a, b),
  );
}

/**
 * Why a rule of all has no query on a target. One that the rule doesn't name is asked, too: what it can't say is a
 * better reason than that nobody asks.
 */
export function reasonOf(rule: BuiltRule, backend: Backend, all: readonly BuiltRule[]): Reason {
  const { stem, unit, targets } = rule;
  const owners = ownersIn(rule, backend.id, all);
  if (owners.some((owner) => isHeard(owner, backend, without(rule, all)))) {
    const message = 'part of correlations, which alert instead';
    return { kind: 'part', code: undefined, message, stem };
  }
  const built = targets.filter((one) => one.backend.destination === backend.destination);
  const [asked] = built.length > 0 ? built : compileUnit(unit, [backend], [backend.id]);
  const refusal = asked?.diagnostics.find(({ severity }) => severity === 'error');
  if (refusal !== undefined)
    return { kind: 'refused', code: refusal.code, message: refusal.message, stem };
  const [owner] = owners;
  if (owner !== undefined) return { ...reasonOf(owner, backend, without(rule, all)), stem };
  const message = 'written for other targets (`siemc.targets`)';
  return { kind: 'left-out', code: undefined, message, stem };
}

/** Whether a rule has a query on a target, or takes part in a correlation that has. */
function isHeard(rule: BuiltRule, at: Backend, all: readonly BuiltRule[]): boolean {
  return (
    rule.targets.some(
      ({ backend, query }) => backend.destination === at.destination && query !== undefined,
    ) || ownersIn(rule, at.id, all).some((owner) => isHeard(owner, at, without(rule, all)))
  );
}

/**
 * The correlations that a rule takes part in on a target. One that only takes part in others of its file isn't
 * among all rules: these stand for it.
 */
function ownersIn(
  { unit }: BuiltRule,
  target: string,
  all: readonly BuiltRule[],
): readonly BuiltRule[] {
  return ownersOn(unit, target).flatMap(({ path, title }) => {
    const beside = all.filter((one) => one.unit !== unit && one.unit.path.path === path.path);
    const named = beside.filter((one) => one.unit.rule.title === title);
    return named.length > 0 ? named : beside;
  });
}

function without(rule: BuiltRule, all: readonly BuiltRule[]): readonly BuiltRule[] {
  return all.filter((one) => one !== rule);
}
