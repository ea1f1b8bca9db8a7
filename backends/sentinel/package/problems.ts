import type { FindingReport, ReleasedOutput, ReleasedRule } from '#backend';
import { detailKey } from './detail-keys.ts';
import { type ShownOutputs, shownOutputs } from './entities.ts';
import { groupedColumns } from './incidents.ts';
import { longestDescription } from './texts.ts';

/** "Microsoft Sentinel service limits": analytics rules. */
const mostEntities = 10;
const mostDetails = 20;

/** Tells what of a rule Microsoft Sentinel wouldn't take as an analytics rule. */
export function packageProblems(rule: ReleasedRule, report: FindingReport): void {
  if (rule.schedule === undefined) return;
  textProblems(rule, report);
  const shown = shownOutputs(rule);
  const grouped = groupedColumns(rule, shown);
  tooMany(shown, grouped.length, report);
  const span = rule.suppress?.span ?? rule.facts.span;
  nameProblems(
    shown,
    grouped.map((name) => ({ name, span })),
    report,
  );
}

function textProblems({ facts }: ReleasedRule, report: FindingReport): void {
  const { length } = facts.description?.trim() ?? '';
  if (length <= longestDescription) return;
  report({
    code: 'sentinel/long-description',
    message: `The description has ${length} characters; that of an analytics rule has at most ${longestDescription}.`,
    span: facts.span,
  });
}

function tooMany(
  { entities, details }: ShownOutputs,
  grouped: number,
  report: FindingReport,
): void {
  const entity = entities[mostEntities]?.output;
  if (entity !== undefined) {
    report({
      code: 'sentinel/too-many-outputs',
      message: `"${entity.name}" is one entity more than the ${mostEntities} that an analytics rule has at most.`,
      span: entity.span,
      hint: 'Show it as a detail, or leave it out.',
    });
  }
  const detail = details[mostDetails - grouped];
  if (detail !== undefined) {
    report({
      code: 'sentinel/too-many-outputs',
      message: `"${detail.name}" is one custom detail more than the ${mostDetails} that an analytics rule has at most; entities that can't be mapped count.`,
      span: detail.span,
      hint: 'Leave out what nobody needs in the alert: the columns of the table are in its events.',
    });
  }
}

/** What the service takes as the name of a column. */
const columnName = /^[A-Za-z_]\w*$/;

/**
 * Keys are the names of outputs, and of columns that alerts are grouped by, as far as these may be keys; letter case tells
 * no two of them apart.
 */
function nameProblems(
  { entities, details }: ShownOutputs,
  grouped: readonly Pick<ReleasedOutput, 'name' | 'span'>[],
  report: FindingReport,
): void {
  const known = new Map<string, string>();
  const keyed = [...details, ...grouped];
  for (const { name, span } of [...entities.map(({ output }) => output), ...keyed]) {
    if (columnName.test(name)) continue;
    const message = `Microsoft Sentinel can't show "${name}" with an alert, because a rule can't name this column.`;
    const hint = 'Use letters, digits and "_", a letter first.';
    report({ code: 'sentinel/output-name', message, span, hint });
  }
  for (const { name, span } of keyed.filter((output) => columnName.test(output.name))) {
    const key = detailKey(name);
    const other = known.get(key.toLowerCase());
    known.set(key.toLowerCase(), name);
    if (key === '') {
      const message = `"${name}" can't be a custom detail, whose name begins with a letter.`;
      report({ code: 'sentinel/output-name', message, span });
    } else if (other !== undefined) {
      const message = `"${name}" would be the custom detail "${key}", which "${other}" is already.`;
      const hint = 'Custom details have 20 characters at most: give one of them a shorter name.';
      report({ code: 'sentinel/output-name', message, span, hint });
    }
  }
}
