// <name>.peggy (options in <name>.peggy.json) -> <name>.generated.js

const optionNames = ['cache', 'allowedStartRules', 'dependencies', 'returnTypes'];

/** Makes a typed parser of every grammar. */
export async function generateGrammars(workspace) {
  const grammars = workspace.sources(/\.peggy$/);
  if (grammars.length === 0) return;
  const { default: peggy } = await import('peggy');
  for (const path of grammars) {
    await workspace.attempt(path, () => generateGrammar(peggy, path, workspace));
  }
}

async function generateGrammar(peggy, path, workspace) {
  const text = await workspace.read(path);
  const { returnTypes = {}, ...options } = await readOptions(path, workspace);
  const input = { source: path, text };
  const rules = readRuleNames(peggy, input);
  for (const rule of Object.keys(returnTypes)) {
    if (!rules.includes(rule)) throw new Error(`${path}.json types the unknown rule "${rule}"`);
  }
  const startRules = expandStartRules(options.allowedStartRules, rules);
  const code = orFormatted(input, () =>
    peggy.generate(text, {
      ...options,
      allowedStartRules: startRules,
      grammarSource: path,
      output: 'source',
      format: 'es',
      warning: (_stage, message, location) =>
        console.error(`${path}:${location?.start.line ?? 1}: warning: ${message}`),
    }),
  );
  const types = printTypes(startRules, returnTypes);
  await workspace.emit({ name: path.replace(/\.peggy$/, ''), from: path, code, types });
}

async function readOptions(path, workspace) {
  if (!workspace.has(`${path}.json`)) return {};
  const options = JSON.parse(await workspace.read(`${path}.json`));
  for (const name of Object.keys(options)) {
    if (!optionNames.includes(name))
      throw new Error(`${path}.json has the unknown option "${name}"`);
  }
  return options;
}

function readRuleNames(peggy, input) {
  const grammar = orFormatted(input, () =>
    peggy.parser.parse(input.text, { grammarSource: input.source, reservedWords: [] }),
  );
  return grammar.rules.map((rule) => rule.name);
}

function expandStartRules(allowed, rules) {
  if (allowed === undefined) return rules.slice(0, 1);
  return allowed.includes('*') ? rules : allowed;
}

function orFormatted(input, step) {
  try {
    return step();
  } catch (error) {
    throw typeof error.format === 'function' ? new Error(error.format([input])) : error;
  }
}

function printTypes(startRules, returnTypes) {
  const overloads = startRules.map((rule, index) => {
    const name = JSON.stringify(rule);
    const options =
      index === 0
        ? `options?: ParseOptions & { readonly startRule?: ${name} }`
        : `options: ParseOptions & { readonly startRule: ${name} }`;
    return `export function parse(input: string, ${options}): ${returnTypes[rule] ?? 'unknown'};`;
  });
  return `${overloads.join('\n')}\n\n${commonTypes}`;
}

const commonTypes = `export interface ParseOptions {
  /** Given back as the source of every location. */
  readonly grammarSource?: unknown;
  /** Anything else is for the grammar, which sees it as \`options\`. */
  readonly [option: string]: unknown;
}

export interface Location {
  /** From 0, in UTF-16 units. */
  readonly offset: number;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

export interface LocationRange {
  readonly source: unknown;
  readonly start: Location;
  readonly end: Location;
}

export type Expectation =
  | { readonly type: 'literal'; readonly text: string; readonly ignoreCase: boolean }
  | {
      readonly type: 'class';
      readonly parts: readonly (string | readonly [string, string])[];
      readonly inverted: boolean;
      readonly ignoreCase: boolean;
    }
  | { readonly type: 'any' }
  | { readonly type: 'end' }
  | { readonly type: 'other'; readonly description: string };

export class SyntaxError extends globalThis.SyntaxError {
  /** Null when the grammar called \`error()\`: the message is then the grammar's own. */
  readonly expected: readonly Expectation[] | null;
  /** Null at the end of the input and when the grammar called \`error()\`. */
  readonly found: string | null;
  readonly location: LocationRange;
  format(sources: readonly { readonly source: unknown; readonly text: string }[]): string;
}
`;
