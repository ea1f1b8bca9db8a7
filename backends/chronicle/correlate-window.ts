import type { LowerReport, MappedCorrelation } from '#backend';
import type { Duration, Expression, Window } from './ast.ts';
import { compare, field, integer } from './build.ts';
import { pivotVariable } from './identifiers.ts';
import { parsePath } from './parse.ts';

/** The kinds of windows that are emitted: only the one before a pivot event is exact. */
export type WindowKind = 'sliding' | 'tumbling' | 'hop';

const minute = 60_000;
/** "Minimum 1 minute, maximum 48 hours." */
const longest = 48 * 60 * minute;

/** The losses that give a query on Google SecOps. */
const kinds: Readonly<Record<string, WindowKind>> = {
  'window-tumbling': 'tumbling',
  'window-hop': 'hop',
};

/** Which window the author asks for: the exact one unless a loss is accepted. */
export function windowKindOf({ approximate }: MappedCorrelation): WindowKind {
  return approximate.flatMap(({ code }) => kinds[code] ?? [])[0] ?? 'sliding';
}

/** Reports a time span that YARA-L has no window for. */
export function checkWindow(plan: MappedCorrelation, kind: WindowKind, report: LowerReport): void {
  const { window } = plan;
  const canFilter = kind === 'sliding' && isInSeconds(plan);
  if (window >= 1000 && window <= longest && (window % minute === 0 || canFilter)) return;
  report.report({
    code: 'chronicle/window',
    message: canFilter
      ? 'A window of YARA-L has 48 hours at most.'
      : 'A window of YARA-L has 1 minute to 48 hours, in whole minutes.',
    span: plan.spans.window,
  });
}

/** Whether all events' times are whole seconds. */
export function isInSeconds({ sources }: MappedCorrelation): boolean {
  return sources.every(({ precision }) => precision === 'second');
}

/** The window of the match section; `isFiltered` where event variables are kept within the time span. */
export function lowerWindow(
  { window }: MappedCorrelation,
  kind: WindowKind,
  isFiltered: boolean,
): Window {
  const minutes = isFiltered ? Math.floor(window / minute) + 1 : Math.ceil(window / minute);
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

/** How long an amount of time is. */
export function milliseconds({ count, unit }: Duration): number {
  return count * { s: 1000, m: minute, h: 60 * minute, d: 24 * 60 * minute }[unit];
}

/**
 * Makes what keeps an event variable within the time span, of a log with times in whole seconds. Its window
 * is longer then, because no page says whether a window includes its far end. "$alert is the pivot; the
 * 5-minute window ends at the $alert timestamp" ("Match section syntax").
 */
export function spanFilter(plan: MappedCorrelation): ((event: string) => Expression) | undefined {
  const { window } = plan;
  if (!isInSeconds(plan) || window >= longest) return undefined;
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
  { condition }: MappedCorrelation,
  report: LowerReport,
): string | undefined {
  const span = `${count}${unit}`;
  // "Floats maintain precision up to 7 decimal digits" (cast.as_float).
  const digits =
    condition.kind === 'sum' || condition.kind === 'avg'
      ? ' Numbers keep seven decimal places.'
      : '';
  switch (kind) {
    case 'sliding':
      return undefined;
    case 'tumbling': {
      const what = `Events are looked at in fixed blocks of ${span}: what happens within ${span} across the border of two blocks is missed, and a block gives one detection.${digits}`;
      report.approximate('window-tumbling', what);
      report.assume(
        'Blocks of a tumbling window begin at whole multiples of their length since 1970.',
        'tumbling-alignment',
      );
      return what;
    }
    case 'hop': {
      const what = `Events are looked at in overlapping windows of ${span} whose spacing Google SecOps chooses: what happens within ${span} but in no such window is missed, and several windows may tell the same.${digits}`;
      report.approximate('window-hop', what);
      return what;
    }
  }
}
