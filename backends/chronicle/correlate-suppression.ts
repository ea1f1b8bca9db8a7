import type { LowerReport, MappedCorrelation } from '#backend';
import type { Option, Window } from './ast.ts';
import { milliseconds } from './correlate-window.ts';
import { lowerWindow } from './lower-suppression.ts';

/**
 * How a correlation says how often it alerts of the same: "multiple event queries use the variables defined in the
 * match section to determine what should be suppressed. The suppression_window value must also be greater than the
 * match window" ("Options section syntax").
 */
export function lowerSuppression(
  plan: MappedCorrelation,
  { duration }: Window,
  report: LowerReport,
): readonly Option[] {
  const { suppress, groupBy } = plan;
  if (suppress === undefined) return [];
  const refuse = (message: string, span = suppress.span): void =>
    report.report({ code: 'chronicle/suppress', message, span });
  const by = suppress.by.map((name) => keyOf(name, plan));
  for (const [at, key] of by.entries()) {
    if (key !== -1) continue;
    const message = `Google SecOps suppresses detections of a correlation by what it groups by, and "${suppress.by[at]}" is no part of that.`;
    refuse(message, suppress.spans.by[at]);
  }
  for (const [at, { name }] of groupBy.entries()) {
    if (by.includes(at)) continue;
    refuse(
      `Google SecOps suppresses detections of a correlation by all that it groups by: "${name}" is missing here.`,
    );
  }
  if (suppress.for <= milliseconds(duration)) {
    const shown = `${duration.count}${duration.unit}`;
    const message = `Google SecOps suppresses detections for longer than the window, which is ${shown} here.`;
    refuse(message, suppress.spans.for);
  }
  return lowerWindow(suppress, report);
}

/** The key that a name stands for: its own, or that of an output which shows the key's value and nothing else. */
function keyOf(name: string, { groupBy, outputs, members }: MappedCorrelation): number {
  const key = groupBy.findIndex((one) => one.name === name);
  if (key !== -1) return key;
  const output = outputs.findIndex((one) => one.name === name);
  return groupBy.findIndex((_, at) =>
    members.every((member) => {
      const shown = JSON.stringify(member.outputs[output]);
      return shown !== undefined && shown === JSON.stringify(member.keys[at]);
    }),
  );
}
