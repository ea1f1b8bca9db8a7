import type {
  CorrelationRule,
  DetectionRule,
  FindingRule,
  Line,
  SelectionBody,
  Value,
} from '../../src/rule/rule.ts';

/** A rule with one thing changed, and what that is. */
export interface Changed<T> {
  readonly what: string;
  readonly rule: T;
}

/** Every rule that comes of one change that a test should notice. */
export function changesOf(rule: FindingRule): readonly Changed<FindingRule>[] {
  return rule.kind === 'detection' ? withoutOnePart(rule) : changedCorrelations(rule);
}

/** Leaves out one line of a selection, one value of a list or one map of maps. */
function withoutOnePart(rule: DetectionRule): readonly Changed<FindingRule>[] {
  return rule.selections.flatMap((selection, index) =>
    smallerBodies(selection.body).map(({ what, rule: body }) => ({
      what: `${rule.name ?? ''} ${selection.name} without ${what}`,
      rule: { ...rule, selections: rule.selections.with(index, { ...selection, body }) },
    })),
  );
}

function smallerBodies(body: SelectionBody): readonly Changed<SelectionBody>[] {
  if (body.kind === 'any-of') {
    return body.of.flatMap((part, index) => [
      { what: `part ${index + 1}`, rule: { ...body, of: body.of.toSpliced(index, 1) } },
      ...smallerBodies(part).map(({ what, rule }) => ({
        what,
        rule: { ...body, of: body.of.with(index, rule) },
      })),
    ]);
  }
  return body.items.flatMap((item, index) => [
    { what: nameOf(item), rule: { ...body, items: body.items.toSpliced(index, 1) } },
    ...valuesOf(item).map((value, at) => ({
      what: `${nameOf(item)}: ${'text' in value ? value.text : value.kind}`,
      rule: {
        ...body,
        items: body.items.with(index, withoutValue(item, at)),
      },
    })),
  ]);
}

/** The values of a list, of which each can be left out. */
function valuesOf(line: Line): readonly Value[] {
  return line.kind === 'item' && line.values.length > 1 ? line.values : [];
}

function withoutValue(line: Line, at: number): Line {
  return line.kind === 'item' ? { ...line, values: line.values.toSpliced(at, 1) } : line;
}

function nameOf(line: Line): string {
  if (line.kind === 'block') return `${line.field}[${line.quantifier}]`;
  return [line.field ?? 'keyword', ...line.modifiers.map(({ name }) => name)].join('|');
}

/** Moves the window and the bounds, leaves out keys and rules, and takes the nearest other type. */
function changedCorrelations(rule: CorrelationRule): readonly Changed<FindingRule>[] {
  const { timespan, groupBy, condition, type } = rule;
  const windows = [-1000, 1000].map((by) => ({
    what: `window ${by > 0 ? '+' : '-'}1 s`,
    rule: { ...rule, timespan: { ...timespan, milliseconds: timespan.milliseconds + by } },
  }));
  const keys = groupBy.map(({ name }, index) => ({
    what: `group-by without ${name}`,
    rule: { ...rule, groupBy: groupBy.toSpliced(index, 1) },
  }));
  const others: Changed<FindingRule>[] = [];
  if (type === 'value_count' && condition?.kind === 'number')
    others.push({
      what: 'event_count',
      rule: { ...rule, type: 'event_count', condition: { ...condition, fields: [] } },
    });
  if (type === 'temporal_ordered')
    others.push({
      what: 'any order',
      rule: {
        ...rule,
        type: 'temporal',
        condition: { kind: 'number', bounds: [], fields: [], percentile: undefined },
      },
    });
  return [...windows, ...keys, ...changedBounds(rule), ...withoutOneRule(rule), ...others];
}

function changedBounds(rule: CorrelationRule): readonly Changed<FindingRule>[] {
  const { condition } = rule;
  if (condition?.kind !== 'number') return [];
  return condition.bounds.flatMap((bound, index) =>
    [-1, 1].map((by) => ({
      what: `${bound.order} ${bound.value + by}`,
      rule: {
        ...rule,
        condition: {
          ...condition,
          bounds: condition.bounds.with(index, { ...bound, value: bound.value + by }),
        },
      },
    })),
  );
}

function withoutOneRule(rule: CorrelationRule): readonly Changed<FindingRule>[] {
  if (rule.rules.length < 2 || rule.condition?.kind === 'rules') return [];
  return rule.rules.map(({ name }, index) => ({
    what: `without the rule ${name}`,
    rule: { ...rule, rules: rule.rules.toSpliced(index, 1) },
  }));
}
