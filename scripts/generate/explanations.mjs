// docs/diagnostics.yml -> src/cli/format/explanations.generated.js

import { readFile } from 'node:fs/promises';

const from = 'src/cli/format';
const table = 'docs/diagnostics.yml';

/** Makes one module of what each code means and how it is mended, for reports that carry it. */
export async function generateExplanations(workspace) {
  await workspace.attempt(table, async () => {
    const { parse } = await import('yaml');
    const { codes } = parse(await readFile(table, 'utf8'));
    const entries = Object.entries(codes).map(([code, { means, mend }]) => [
      code,
      [withoutLinks(means), withoutLinks(mend)],
    ]);
    await workspace.emit({
      name: `${from}/explanations`,
      from,
      // V8 reads JSON faster than an object literal of this size.
      code: `export const explanations = JSON.parse(${JSON.stringify(JSON.stringify(Object.fromEntries(entries)))});\n`,
      types,
    });
  });
}

/** Pages link to each other; a report stands alone. */
function withoutLinks(text) {
  return text.trim().replace(/\[([^\]]+)\]\([^)]+\)/g, '$1');
}

const types = `/** By code, what it means and how to mend it; \`*\` stands for the id of a target. */
export const explanations: Readonly<Record<string, readonly [means: string, mend: string]>>;
`;
