import type { Plan } from '../../plan/plan.ts';
import { durationOf } from '../duration.ts';
import type { Change, MadeEvent } from './changes.ts';

/** Every change of how many events there are, and of when they happen; only correlations can tell. */
export function* streamChanges(
  events: readonly MadeEvent[],
  plans: readonly Plan[],
): Generator<Change> {
  if (plans.every(({ kind }) => kind === 'event')) return;
  for (const [index, event] of events.entries()) {
    const shown = `event ${index + 1}`;
    if (events.length > 1) {
      const without = events.filter((_, other) => other !== index);
      yield { what: `without ${shown}`, events: without };
    }
    const repeat = Number(event['repeat'] ?? 1);
    for (const times of [repeat - 1, repeat + 1].filter((n) => n > 0)) {
      const made = { ...event, repeat: times };
      yield { what: `${shown} ${times} times`, events: events.with(index, made) };
    }
  }
  yield* paceChanges(events, plans);
  yield* timeChanges(events, plans);
}

/** Repeated events that are just as far apart as a window allows, or a second further. */
function* paceChanges(events: readonly MadeEvent[], plans: readonly Plan[]): Generator<Change> {
  const spans = new Set(plans.flatMap(windowsOf));
  for (const [index, event] of events.entries()) {
    const gaps = Number(event['repeat'] ?? 1) - 1;
    if (gaps < 1 || typeof event['at'] !== 'string') continue;
    const paces = [...spans].flatMap((span) => {
      const whole = Math.floor(span / gaps / 1000) * 1000;
      return [whole, whole + 1000];
    });
    for (const pace of new Set(paces)) {
      const made = { ...event, every: shownTime(pace).slice(1) };
      yield { what: `event ${index + 1} every ${made.every}`, events: events.with(index, made) };
    }
  }
}

/** One event moved to the borders of the windows that begin or end at another, or to its time. */
function* timeChanges(events: readonly MadeEvent[], plans: readonly Plan[]): Generator<Change> {
  const spans = new Set([0, ...plans.flatMap(windowsOf)]);
  for (const [index, event] of events.entries()) {
    for (const [other, { at }] of events.entries()) {
      if (other === index || typeof at !== 'string') continue;
      const start = durationOf(at);
      const times = [...spans].flatMap((span) =>
        [start - span, start + span].flatMap((time) => [time - 1000, time, time + 1000]),
      );
      for (const time of new Set(times.filter((one) => one >= 0))) {
        const made = { ...event, at: shownTime(time) };
        yield { what: `event ${index + 1} at ${made.at}`, events: events.with(index, made) };
      }
    }
  }
}

function windowsOf(plan: Plan): readonly number[] {
  if (plan.kind === 'event') return [];
  return [plan.window, ...plan.members.flatMap((member) => windowsOf(member.plan))];
}

function shownTime(time: number): string {
  return time % 1000 === 0 ? `+${time / 1000}s` : `+${time}ms`;
}
