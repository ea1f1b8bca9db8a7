import type { LowerReport, MappedCorrelation } from '#backend';
import type { Duration, Expression, Window } from './ast.ts';
import { compare, field, integer } from './build.ts';
import { pivotVariable } from './identifiers.ts';
import { parsePath } from './parse.ts';

/** The kinds of windows that are emitted: only the one before a pivot event is exact. */
export type WindowKind = 'sliding' | 'tumbling' | 'hop';

const minute = 60_000;
const hour = 60 * minute;

/** The losses that give a query on Google SecOps. */
const kinds: Readonly<Record<string, WindowKind>> = {
  'window-tumbling': 'tumbling',
  'window-hop': 'hop',
};

/** Which window the author asks for: the exact one unless a loss is accepted. */
export function windowKindOf({ approximate }: MappedCorrelation): WindowKind {
  return approximate.flatMap(({ code }) => kinds[code] ?? [])[0] ?? 'sliding';
}

/** The window of the match section; reports a time span that YARA-L has no window for. */
export function lowerWindow(
  plan: MappedCorrelation,
  kind: WindowKind,
  report: LowerReport,
): Window | undefined {
  const { window } = plan;
  const isWhole = window % minute === 0;
  const canFilter = kind === 'sliding' && plan.source.precision === 'second';
  if (window < 1000 || window > 48 * hour || !(isWhole || canFilter)) {
    report.report({
      code: 'chronicle/window',
      message: canFilter
        ? 'A window of YARA-L has 48 hours at most.'
        : 'A window of YARA-L has 1 minute to 48 hours, in whole minutes.',
      span: plan.spans.window,
    });
    return undefined;
  }
  const minutes = Math.ceil(window / minute);
  const duration: Duration =
    minutes % 60 === 0
      ? { kind: 'duration', count: minutes / 60, unit: 'h' }
      : { kind: 'duration', count: minutes, unit: 'm' };
  if (kind === 'tumbling') return { kind: 'by', duration, pivot: undefined };
  return {
    kind: 'over',
    duration,
    pivot: kind === 'hop' ? undefined : { side: 'before', event: pivotVariable },
  };
}

/**
 * Makes what keeps an event variable within a time span that is no whole number of minutes: its window
 * is the next longer one.
 */
export function spanFilter({
  window,
}: MappedCorrelation): ((event: string) => Expression) | undefined {
  if (window % minute === 0) return undefined;
  return (event) =>
    compare(
      '<=',
      {
        kind: 'arithmetic',
        operator: '-',
        left: eventTime(pivotVariable, 'seconds'),
        right: eventTime(event, 'seconds'),
      },
      integer(Math.floor(window / 1000)),
    );
}

/** A part of the time at which an event happened. */
export function eventTime(event: string, part: 'seconds' | 'nanos'): Expression {
  return { ...field(parsePath(`metadata.event_timestamp.${part}`)), event };
}

/** Tells what an accepted loss is; the text for the rule's own meta section. */
export function tellLoss(
  kind: WindowKind,
  { duration: { count, unit } }: Window,
  report: LowerReport,
): string | undefined {
  const span = `${count}${unit}`;
  switch (kind) {
    case 'sliding':
      return undefined;
    case 'tumbling': {
      const what = `Events are looked at in fixed blocks of ${span}: what happens within ${span} across the border of two blocks is missed, and a block gives one detection.`;
      report.approximate('window-tumbling', what);
      report.assume(
        'tumbling-alignment is "1970": blocks begin at whole multiples of their length since 1970.',
      );
      return what;
    }
    case 'hop': {
      const what = `Events are looked at in overlapping windows of ${span} whose spacing Google SecOps chooses: what happens within ${span} but in no such window is missed, and several windows may tell the same.`;
      report.approximate('window-hop', what);
      return what;
    }
  }
}
