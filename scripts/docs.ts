// Writes the pages of docs/ that are made of the cases: `npm run docs`.

import { writeFileSync } from 'node:fs';
import { pages } from './docs/pages.ts';

for (const { path, text } of pages()) writeFileSync(path, text);
