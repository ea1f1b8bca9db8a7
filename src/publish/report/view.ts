import type {
  Applied,
  DestinationPlan,
  DestinationResult,
  Plan,
  PlannedObject,
  PlannedState,
} from '../model.ts';
import { changeLines } from './change-lines.ts';
import { requestLines } from './request-lines.ts';
import {
  outcomeText,
  planCounts,
  resultCounts,
  type Sign,
  signs,
  standings,
  statusCounts,
} from './words.ts';

/** A destination about which nothing can be said or done: why, and what would be right. */
export interface DestinationProblem {
  readonly destination: string;
  /** `publish/<slug>`. */
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** What a report is about. */
export type Report =
  | { readonly kind: 'plan'; readonly plan: Plan; readonly requests: boolean }
  | {
      readonly kind: 'apply';
      readonly compiler: string;
      /** The commit whose build was applied, if that isn't what is on disk. */
      readonly commit: string | undefined;
      readonly destinations: readonly DestinationResult[];
    }
  | {
      readonly kind: 'status';
      readonly compiler: string;
      readonly destinations: readonly DestinationPlan[];
    };

/** A report with what can't be reported on. */
export type WholeReport = Report & { readonly problems: readonly DestinationProblem[] };

/** A report as people read it, whatever it is about. */
export interface View {
  /** By what programs tell reports apart: one word. */
  readonly kind: Report['kind'] | 'rollback';
  readonly title: string;
  readonly destinations: readonly DestinationView[];
  readonly problems: readonly DestinationProblem[];
}

/** What a report says of a destination. */
export interface DestinationView {
  readonly destination: string;
  readonly endpoint: string;
  /** In numbers. */
  readonly counts: string;
  readonly notes: readonly string[];
  readonly items: readonly ItemView[];
}

/** What a report says of one object. */
export interface ItemView {
  readonly sign: Sign;
  /** `create`, `drifted`. */
  readonly says: string;
  readonly kind: string;
  readonly name: string;
  /** The rule's file below the detections, without extension. */
  readonly stem: string;
  readonly why: string;
  readonly hint: string;
  /** What differs, as lines of a diff. */
  readonly changes: readonly string[];
  readonly requests: readonly string[];
}

/** A report for people. */
export function viewOf(report: WholeReport): View {
  const { kind, problems } = report;
  switch (kind) {
    case 'plan': {
      const { plan, requests } = report;
      const destinations = plan.destinations.map((one) => planView(one, requests));
      if (plan.commit === undefined)
        return { kind, title: 'siemc publish plan', destinations, problems };
      const title = `siemc publish ${rollbackTo(plan.commit)}: plan`;
      return { kind: 'rollback', title, destinations, problems };
    }
    case 'apply': {
      const { commit } = report;
      const what = commit === undefined ? 'apply' : rollbackTo(commit);
      const destinations = report.destinations.map(resultView);
      return { kind, title: `siemc publish ${what}`, destinations, problems };
    }
    case 'status': {
      const destinations = report.destinations.map(statusView);
      return { kind, title: 'siemc publish status', destinations, problems };
    }
  }
}

function rollbackTo(commit: string): string {
  return `rollback to ${commit.slice(0, 12)}`;
}

function planView(plan: DestinationPlan, requests: boolean): DestinationView {
  const { destination, endpoint, objects, notes } = plan;
  const shown = objects.filter(({ state }) => signs[state] !== ' ');
  return {
    destination,
    endpoint,
    counts: planCounts(objects),
    notes,
    items: shown.map((one) => itemOf(one, one.state, requests)),
  };
}

function statusView(plan: DestinationPlan): DestinationView {
  const { destination, endpoint, objects, notes, foreign } = plan;
  const shown = objects.filter(({ state }) => signs[state] !== ' ');
  const others = `${foreign} of others`;
  return {
    destination,
    endpoint,
    counts: foreign === 0 ? statusCounts(objects) : `${statusCounts(objects)}; ${others}`,
    notes,
    items: shown.map((one) => itemOf(one, standings[one.state], false)),
  };
}

function resultView(result: DestinationResult): DestinationView {
  const { destination, endpoint, applied, unchanged, undecided } = result;
  return {
    destination,
    endpoint,
    counts: resultCounts(applied, undecided.length, unchanged),
    notes: [],
    items: [...applied.map(appliedItem), ...undecided.map((one) => itemOf(one, one.state, false))],
  };
}

/** What may be made as it is built if somebody says so. */
const overridable: ReadonlySet<PlannedState> = new Set(['drifted', 'missing', 'conflict']);

function itemOf(object: PlannedObject, says: string, requests: boolean): ItemView {
  const { state, kind, name, rule, why = '', changes, calls } = object;
  return {
    sign: signs[state],
    says,
    kind,
    name,
    stem: rule?.stem ?? '',
    why,
    hint: overridable.has(state) ? 'It is left as it is, unless --overwrite-drift is given.' : '',
    changes: changes.flatMap(changeLines),
    requests: requests ? calls.flatMap((call) => [...requestLines(call), '']).slice(0, -1) : [],
  };
}

function appliedItem(applied: Applied): ItemView {
  const { state, outcome, kind, name, rule, why = '', hint = '' } = applied;
  return {
    sign: outcome === 'done' ? signs[state] : '!',
    says: outcomeText(applied),
    kind,
    name,
    stem: rule?.stem ?? '',
    why,
    hint,
    changes: [],
    requests: [],
  };
}
