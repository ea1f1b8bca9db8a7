import type { LowerReport, NamedList } from '#backend';
import type { EvalExpr } from './ast.ts';
import { call, compare, field, joined, string } from './eval-build.ts';
import type { EvalContext } from './lower-conditions.ts';
import { assumeNoNull, type Leaf } from './lower-leaf.ts';
import { lookedUpShape } from './lower-shapes.ts';

/**
 * That a value is in a list, which is a lookup of that name with the one column `value`: where an entry fits,
 * the lookup gives it back in a column of its own (Search Reference, lookup).
 */
export function listCondition(
  leaf: Leaf,
  list: NamedList,
  { report, helpers }: EvalContext,
): EvalExpr | undefined {
  const { name, many, standIns } = leaf;
  const { at, span } = leaf.test;
  if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(list.name) || /^default$/i.test(list.name)) {
    report.report({
      code: 'splunk/list-name',
      message: `"${list.name}" can't be the name of a lookup definition.`,
      span,
      hint: 'Use letters, digits, "_" and "-", a letter or "_" first, and not "default".',
    });
    return undefined;
  }
  assumeNoNull(leaf, report);
  assumeDefinition(list, report);
  const address =
    list.kind === 'cidr' ? [call('match', field(name), string(lookedUpShape(at)))] : [];
  const guards = [...address, ...standIns.map((text) => compare(field(name), '!=', string(text)))];
  const lookUp = (from: string): EvalExpr => {
    const found = helpers.column(`siemc_in_${list.name.replaceAll('-', '_')}`, (column) => [
      {
        kind: 'lookup',
        options: [],
        name: list.name,
        inputs: [{ field: 'value', as: from }],
        mode: 'OUTPUT',
        outputs: [{ field: 'value', as: column }],
      },
    ]);
    return call('isnotnull', field(found));
  };
  if (!many) return joined('and', [lookUp(name), ...guards]);
  report.assume('lookup looks up each of several values.', 'lookup-multivalue');
  if (guards.length === 0) return lookUp(name);
  const kept = helpers.column('siemc_values', (column) => [
    { kind: 'eval', fields: [{ name: column, value: call('mvfilter', joined('and', guards)) }] },
  ]);
  return lookUp(kept);
}

/** What the lookup definition has to say, and what no manual says of such lookups. */
function assumeDefinition({ name, kind }: NamedList, report: LowerReport): void {
  const setting = kind === 'cidr' ? 'match_type = CIDR(value)' : 'case_sensitive_match = false';
  report.assume(`The lookup definition "${name}" has the column "value" and ${setting}.`);
  if (kind === 'cidr')
    report.assume(
      'A lookup by networks finds IPv4 addresses in IPv4 networks only, IPv6 addresses in IPv6 networks only, and nothing else.',
      'lookup-cidr-lenient',
    );
  else report.assume('Lookups also ignore the case of letters beyond ASCII.', 'lookup-fold');
}
