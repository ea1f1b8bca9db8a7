import type { Backend } from '../backend/backend.ts';
import { planHash } from '../library/built/hash.ts';
import { compileUnit, ownersOn, type TargetUnit, type Unit } from '../library/units.ts';
import type { Standing } from './model.ts';

/** A place that queries are published to. */
export interface Destination {
  /** What people call it. */
  readonly id: string;
  readonly backend: Backend;
}

/** The destinations of a side: each target is one where the configuration names none of it. */
export function destinationsOf(backends: readonly Backend[]): readonly Destination[] {
  return backends.map((backend) => ({ id: backend.destination, backend }));
}

/** What a side makes of a rule. */
export interface Made {
  readonly unit: Unit;
  /** The hash of what it means; nothing where it has errors. */
  readonly meaning: string | undefined;
  readonly on: ReadonlyMap<string, MadeOn>;
}

/** What a side makes of a rule on a destination. */
export interface MadeOn {
  readonly standing: Standing;
  /** Also of a part of a correlation, whose query is only tested. */
  readonly compiled: TargetUnit | undefined;
}

/** Compiles a rule for destinations. */
export function make(unit: Unit, destinations: readonly Destination[]): Made {
  const compiled = compileUnit(
    unit,
    destinations.map(({ backend }) => backend),
    unit.targets,
  );
  const on = destinations.map(({ id, backend }) => {
    const one = compiled.find((made) => made.backend === backend);
    return [id, { standing: standingOf(unit, backend.id, one), compiled: one }] as const;
  });
  return { unit, meaning: unit.plan && planHash(unit.plan), on: new Map(on) };
}

function standingOf(unit: Unit, target: string, compiled: TargetUnit | undefined): Standing {
  if (!unit.targets.includes(target)) return { status: 'left-out', reasons: [] };
  if (compiled === undefined) return { status: 'broken', reasons: [] };
  const owners = ownersOn(unit, target);
  if (owners.length > 0) return { status: 'part', reasons: [] };
  if (compiled.query !== undefined) return { status: 'query', reasons: [] };
  const told = compiled.diagnostics.map(({ code, message }) => ({ code, message }));
  const reasons = [...new Map(told.map((one) => [one.message, one])).values()];
  return { status: 'refused', reasons };
}

/** What a rule is on a destination of a side that hasn't the rule, or not the destination. */
export const absent: Standing = { status: 'absent', reasons: [] };
