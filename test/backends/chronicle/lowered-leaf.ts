import type { Field, MappedPlan, Place, PlaceLeaf, Predicate, Test } from '#backend';
import { chronicle } from '../../../backends/chronicle/index.ts';
import { mappingsOf } from '../../../src/fields/mappings.ts';
import { sourcesOf } from '../../../src/plan/sources-of.ts';
import { readPlan } from '../../support/read-plan.ts';
import { sigma } from './support.ts';

/** A test of a place of any type, which the shipped mapping needn't have. */
export interface LeafModel {
  readonly type: string;
  readonly path: string;
  readonly test: Test;
  readonly many?: boolean;
  readonly holds?: Place['holds'];
  readonly negated?: boolean;
}

/** What becomes of a test of one place. */
export interface LoweredLeaf {
  readonly query: string | undefined;
  /** The predicates in the events section on one line, or the codes of what was reported. */
  readonly text: string;
  /** The switches that the query rests on. */
  readonly switches: readonly string[];
}

const base = readPlan(sigma('sel: { eventName: x }\ncondition: sel'));

/** Compiles a rule of one test, without a scope. */
export function loweredLeaf({ type, path, test, ...more }: LeafModel): LoweredLeaf {
  const field = sourcesOf(base)[0].fields.get('eventName');
  if (field === undefined) throw new Error('no field');
  const place: Place = {
    path,
    type,
    keeps: 'all',
    holds: more.holds ?? 'anything',
    absent: undefined,
    values: undefined,
    stored: [],
  };
  const named: Field = { ...field, many: more.many === true };
  const leaf: PlaceLeaf = { kind: 'field', at: { field: named, place, rest: [] }, test, span };
  return loweredWhere(more.negated === true ? { kind: 'not', of: leaf } : leaf);
}

const span = { start: 0, end: 0 };

/** Compiles a rule of a predicate, without a scope. */
export function loweredWhere(where: Predicate<PlaceLeaf>): LoweredLeaf {
  const [mapping] = mappingsOf(chronicle);
  if (mapping === undefined || base.kind !== 'event') throw new Error('no mapping');
  const plan: MappedPlan = {
    kind: 'event',
    rule: base.rule,
    source: base.source,
    mapping: { ...mapping, scope: {} },
    where,
    outputs: [],
    schedule: undefined,
    suppress: undefined,
    evidence: 'assumed',
  };
  const codes: string[] = [];
  const switches: string[] = [];
  const query = chronicle.compile(plan, {
    report: ({ code }) => codes.push(code),
    assume: (_, name) => switches.push(...(name === undefined ? [] : [name])),
    approximate: () => {},
  });
  const text =
    query === undefined
      ? codes.join()
      : query
          .slice(query.indexOf('events:\n') + 12, query.indexOf('\n\n  condition'))
          .replace(/\s+/g, ' ')
          .replace(/\( | (?=\))/g, (one) => one.trim());
  return { query, text, switches };
}
