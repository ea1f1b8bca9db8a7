// Turns grammars, schemas, tables and templates into modules beside them: `npm run generate`.
// One broken source does not keep the others from being generated.

import { generateExplanations } from './generate/explanations.mjs';
import { generateGrammars } from './generate/grammars.mjs';
import { generateScaffold } from './generate/scaffold.mjs';
import { generateSchemas } from './generate/schemas.mjs';
import { generateTables } from './generate/tables.mjs';
import { generateTemplates } from './generate/templates.mjs';
import { generateVersion } from './generate/version.mjs';
import { createWorkspace } from './generate/workspace.mjs';

const workspace = await createWorkspace();
for (const generate of [
  generateVersion,
  generateGrammars,
  generateSchemas,
  generateTables,
  generateTemplates,
  generateScaffold,
  generateExplanations,
]) {
  await generate(workspace);
}
await workspace.removeOrphans();

const { written, unchanged, problems } = workspace;
for (const { path, message } of problems) console.error(`${path}: ${message}`);
console.error(`generate: ${written} written, ${unchanged} unchanged, ${problems.length} failed`);
process.exitCode = problems.length > 0 ? 1 : 0;
