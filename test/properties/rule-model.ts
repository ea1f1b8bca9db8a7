import { cloudTrail } from './worlds.ts';

/** A random rule before it is written as YAML. */
export interface RuleModel {
  /** CloudTrail, if not said. */
  readonly logSource?: { readonly product: string; readonly service: string };
  readonly selections: readonly Body[];
  readonly condition: ConditionModel;
  /** What a filter of the log source excludes, or keeps. */
  readonly filter?: { readonly body: Body; readonly keeps: boolean } | undefined;
}

export type Body =
  | { readonly kind: 'map'; readonly items: readonly LineModel[] }
  | { readonly kind: 'maps'; readonly of: readonly (readonly LineModel[])[] }
  | { readonly kind: 'words'; readonly all: boolean; readonly of: readonly string[] };

export type LineModel = ItemModel | BlockModel;

/** What one element of an array must be like. */
export interface BlockModel {
  readonly block: 'any' | 'all' | 'all_or_empty' | 'none';
  readonly field: string;
  readonly items: readonly LineModel[];
}

export interface ItemModel {
  readonly field: string;
  readonly modifiers: readonly string[];
  readonly values: readonly ValueModel[];
}

/** A value, or one that is YAML already. */
export type ValueModel = string | number | boolean | null | { readonly yaml: string };

/** Selections are numbered. */
export type ConditionModel =
  | { readonly kind: 'name'; readonly index: number }
  | {
      readonly kind: 'quantified';
      readonly quantifier: '1' | 'any' | 'all';
      readonly pattern: string;
    }
  | { readonly kind: 'not'; readonly of: ConditionModel }
  | { readonly kind: 'and' | 'or'; readonly of: readonly ConditionModel[] };

/** Names of selections, some of which look like operators. */
const names = ['sel_one', 'sel_two', 'notable', 'filter_or', '_hidden'];

/** The rule as an author would write it. */
export function printRule({ logSource, selections, condition, filter }: RuleModel): string {
  const { product, service } = logSource ?? cloudTrail;
  return [
    'title: Random',
    'sigma-version: 3',
    `logsource: { product: ${product}, service: ${service} }`,
    'detection:',
    ...selections.flatMap((body, index) => [
      `  ${nameOf(index, selections.length)}:`,
      ...printBody(body),
    ]),
    `  condition: ${quote(printCondition(condition, selections.length))}`,
    ...(filter === undefined ? [] : printFilter(filter, product)),
    '',
  ].join('\n');
}

function printFilter(
  { body, keeps }: NonNullable<RuleModel['filter']>,
  product: string,
): readonly string[] {
  return [
    '---',
    'title: Random filter',
    'sigma-version: 3',
    `logsource: { product: ${product} }`,
    'filter:',
    '  rules: any',
    '  known:',
    ...printBody(body),
    `  condition: ${keeps ? 'known' : 'not known'}`,
  ];
}

/** Every modifier that a rule has, and `plain` for none. */
export function modifiersOf({ selections, filter }: RuleModel): readonly string[] {
  const bodies = filter === undefined ? selections : [...selections, filter.body];
  const filtered = filter === undefined ? [] : ['filter'];
  const used = bodies.flatMap((body) => {
    if (body.kind === 'words') return ['keyword'];
    const items = body.kind === 'map' ? body.items : body.of.flat();
    return items.flatMap(modifiersIn);
  });
  return [...filtered, ...used];
}

function modifiersIn(line: LineModel): readonly string[] {
  if ('block' in line) return [`[${line.block}]`, ...line.items.flatMap(modifiersIn)];
  return line.modifiers.length === 0 ? ['plain'] : line.modifiers;
}

function nameOf(index: number, count: number): string {
  return names[index % count] ?? 'sel';
}

function printBody(body: Body): readonly string[] {
  switch (body.kind) {
    case 'map':
      return printItems(body.items).map((line) => `    ${line}`);
    case 'maps':
      return body.of.flatMap((items) =>
        printItems(items).map((line, index) => `    ${index === 0 ? '- ' : '  '}${line}`),
      );
    case 'words': {
      const lines = body.of.map((word) => `- ${quote(word)}`);
      return body.all
        ? ['    "|all":', ...lines.map((line) => `      ${line}`)]
        : lines.map((line) => `    ${line}`);
    }
  }
}

/** One line an item; of two items with the same key the last one stays. */
function printItems(items: readonly LineModel[]): readonly string[] {
  const lines = new Map<string, string>();
  for (const line of items) {
    if ('block' in line) {
      const key = `${line.field}[${line.block}]`;
      lines.set(key, `${quote(key)}: { ${printItems(line.items).join(', ')} }`);
      continue;
    }
    const { field, modifiers, values } = line;
    const key = [field, ...modifiers].join('|');
    const [only] = values;
    const value =
      values.length === 1 && only !== undefined && !modifiers.includes('all')
        ? quote(only)
        : `[${values.map(quote).join(', ')}]`;
    lines.set(key, `${quote(key)}: ${value}`);
  }
  return [...lines.values()];
}

/** Single quotes where that is possible, otherwise double quotes with everything odd escaped. */
function quote(value: ValueModel): string {
  if (typeof value === 'object' && value !== null) return value.yaml;
  if (typeof value !== 'string') return String(value);
  if (/^[ -~]*$/.test(value) && value.length % 2 === 0) return `'${value.replaceAll("'", "''")}'`;
  let text = '';
  for (const character of value) {
    const code = character.codePointAt(0) ?? 0;
    if (character === '"' || character === '\\') text += `\\${character}`;
    else if (code >= 0x20 && code < 0x7f) text += character;
    else text += `\\U${code.toString(16).padStart(8, '0')}`;
  }
  return `"${text}"`;
}

function printCondition(node: ConditionModel, count: number): string {
  switch (node.kind) {
    case 'name':
      return nameOf(node.index % count, count);
    case 'quantified':
      return `${node.quantifier} of ${node.pattern}`;
    case 'not':
      return `not ${parenthesised(node.of, count)}`;
    case 'and':
    case 'or':
      return node.of.map((part) => parenthesised(part, count)).join(` ${node.kind} `);
  }
}

function parenthesised(node: ConditionModel, count: number): string {
  const text = printCondition(node, count);
  return node.kind === 'and' || node.kind === 'or' ? `(${text})` : text;
}
