import { compile } from '../../src/compile.ts';

import { readCases } from './cases.ts';
import { readPlans } from './read-plan.ts';
import { showDiagnostics } from './show.ts';
import { backendsOfTwo as backends } from './two-logs.ts';

// Everything that the compiler says of every case, for comparing one process with another.
for (const { name, rule } of readCases()) {
  const { file, plans, diagnostics } = readPlans(rule);
  console.log(name, showDiagnostics(diagnostics));
  for (const plan of plans) {
    console.log(
      JSON.stringify(plan, (_, value) => (typeof value === 'bigint' ? String(value) : value)),
    );
    for (const backend of backends) {
      const compiled = compile(plan, file, backend);
      console.log(backend.id, compiled.query, showDiagnostics(compiled.diagnostics));
    }
  }
}
