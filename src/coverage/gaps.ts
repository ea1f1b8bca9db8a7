import type { Backend } from '../backend/backend.ts';
import type { BuiltRule } from '../library/build.ts';
import { compileUnit } from '../library/units.ts';
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

interface Reason {
  readonly kind: Gap['kind'];
  readonly code: string | undefined;
  readonly message: string;
  readonly stem: string;
}

/** Why rules have no query on a target, the same reasons together, the commonest first. */
export function gapsOf(rules: readonly BuiltRule[], backend: Backend): readonly Gap[] {
  const groups = new Map<string, Reason[]>();
  for (const rule of rules) {
    const reason = reasonOf(rule, backend);
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

/** A target that a rule doesn't name is asked, too: what it can't say is a better reason than that nobody asks. */
function reasonOf(rule: BuiltRule, backend: Backend): Reason {
  const { stem, unit, parts, targets } = rule;
  if (parts.some(({ target }) => target === backend.id)) {
    const message = 'part of correlations, which alert in their stead';
    return { kind: 'part', code: undefined, message, stem };
  }
  const built = targets.filter((one) => one.backend.id === backend.id);
  const [asked] = built.length > 0 ? built : compileUnit(unit, [backend], [backend.id]);
  const refusal = asked?.diagnostics.find(({ severity }) => severity === 'error');
  if (refusal !== undefined)
    return { kind: 'refused', code: refusal.code, message: refusal.message, stem };
  const message = 'written for other targets (`siemc.targets`)';
  return { kind: 'left-out', code: undefined, message, stem };
}
