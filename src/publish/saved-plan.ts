import type { Plan } from './model.ts';
import { validate } from './plan.schema.generated.js';

/** Reads a plan that was saved; else says in words that follow "It" why it can't be used. */
export function readPlan(text: string, compiler: string): Plan | { readonly problem: string } {
  const value = parsed(text);
  if (!validate(value)) return { problem: `is no plan of siemc publish${whereOf()}` };
  const plan = value as Plan;
  if (plan.commit !== undefined)
    return {
      problem: `is the plan of a rollback, which is carried out anew: run "siemc publish rollback ${plan.commit}"`,
    };
  if (plan.compiler === compiler) return plan;
  return { problem: `was made by siemc ${plan.compiler}, and this is ${compiler}: plan anew` };
}

function whereOf(): string {
  const [first] = validate.errors ?? [];
  const place = first?.instancePath ?? '';
  return place === '' ? '' : `: ${place} ${first?.message ?? ''}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
