import type { Window } from '../../ast.ts';
import type { Readings } from '../readings.ts';
import { durationOf } from './check.ts';

/** A span of time, both ends included unless it says otherwise. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly isOpen: 'nowhere' | 'at-start' | 'at-end';
}

/** The window that ends or begins with a pivot event. */
export function slidingWindow(
  window: Window,
  pivot: { readonly side: 'before' | 'after' },
  readings: Readings,
): (time: number) => Span {
  const duration = durationOf(window);
  const isOpen = readings.of('sliding-window-far-end') === 'excluded';
  return pivot.side === 'before'
    ? (time) => ({ start: time - duration, end: time, isOpen: isOpen ? 'at-start' : 'nowhere' })
    : (time) => ({ start: time, end: time + duration, isOpen: isOpen ? 'at-end' : 'nowhere' });
}

/** All hop or tumbling windows that hold some event; `times` are in order. */
export function fixedWindows(
  window: Window,
  times: readonly number[],
  readings: Readings,
): readonly Span[] {
  const duration = durationOf(window);
  const starts = new Set<number>();
  if (window.kind === 'by') {
    const first = times[0] ?? 0;
    const origin = readings.of('tumbling-alignment') === '1970' ? 0 : first;
    for (const time of times) starts.add(time - modulo(time - origin, duration));
    return spans(starts, duration, 'at-end');
  }
  const isOpen = readings.of('hop-window-end') === 'excluded' ? 'at-end' : 'nowhere';
  const spacing = readings.of('hop-spacing');
  if (spacing === 'any') return spans(new Set(times), duration, isOpen);
  const hop = spacing === 'tenth' ? duration / 10 : duration / 2;
  for (const time of times) {
    const last = time - modulo(time, hop);
    for (let start = last; start >= time - duration; start -= hop) {
      if (isOpen === 'nowhere' || start > time - duration) starts.add(start);
    }
  }
  return spans(starts, duration, isOpen);
}

function spans(
  starts: ReadonlySet<number>,
  duration: number,
  isOpen: Span['isOpen'],
): readonly Span[] {
  return [...starts]
    .sort((a, b) => a - b)
    .map((start) => ({ start, end: start + duration, isOpen }));
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}

/** The part of a list in time order that a window holds. */
export function within<Item extends { readonly time: number }>(
  list: readonly Item[],
  { start, end, isOpen }: Span,
): readonly Item[] {
  const from = firstIndex(list, (time) => (isOpen === 'at-start' ? time > start : time >= start));
  const to = firstIndex(list, (time) => (isOpen === 'at-end' ? time >= end : time > end));
  return list.slice(from, to);
}

/** Where a condition begins to hold along a list in time order. */
export function firstIndex(
  list: readonly { readonly time: number }[],
  holds: (time: number) => boolean,
): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(list[middle]?.time ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}
