import { join } from 'node:path';
import { diagnosticsPage } from './diagnostics-page.ts';
import { root, textOf } from './files.ts';
import { withCases } from './semantics-page.ts';

/** A page of docs/ and what it has to hold. */
export interface Page {
  readonly name: string;
  readonly path: string;
  readonly text: string;
}

/** The pages that are made of the cases. */
export function pages(): readonly Page[] {
  return [page('docs/diagnostics.md', diagnosticsPage), page('docs/semantics.md', withCases)];
}

/** A page made anew of what stands in it. */
function page(name: string, make: (present: string) => string): Page {
  return { name, path: join(root, name), text: make(textOf(name) ?? '') };
}
