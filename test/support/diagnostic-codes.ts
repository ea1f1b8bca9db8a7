import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** What a rule passes on its way to a query; what is said of whole libraries, or of a SIEM, is tested with those. */
const pipeline =
  /^(src\/(yaml|rule|condition|plan|logsource|fields|compile)|backends\/(?!\w+\/publish\/))/;

/** The diagnostic codes in the sources; `*` stands for the id of a backend. */
export function codesInSources(): readonly string[] {
  const codes = new Set<string>();
  for (const path of filesOf('src', 'backends')) {
    if (!pipeline.test(path) || !path.endsWith('.ts') || path.includes('.generated.')) continue;
    const text = readFileSync(join(root, path), 'utf8');
    for (const [, code = ''] of text.matchAll(/'([a-z0-9]+\/[a-z0-9-]+)'/g)) codes.add(code);
    for (const [, slug = ''] of text.matchAll(/`\$\{[\w.]*\bid\}\/([a-z-]+)`/g))
      codes.add(`*/${slug}`);
  }
  return [...codes].filter((code) => !isModule(code)).sort();
}

/** The codes that occur in the expectations of the cases. */
export function codesInCases(): ReadonlySet<string> {
  const texts = filesOf('test/cases').filter((path) =>
    /(diagnostics|refused|notes)\.txt$/.test(path),
  );
  const shown = texts.map((path) => readFileSync(join(root, path), 'utf8')).join('\n');
  return new Set([...shown.matchAll(/^rule\.yml:\S+ \w+ (\S+)$/gm)].map(([, code = '']) => code));
}

function filesOf(...folders: readonly string[]): readonly string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(
      (path) => `${folder}/${path}`,
    ),
  );
}

/** Names of sources and of kinds of content look like codes. */
function isModule(code: string): boolean {
  return /^(aws|azure|node|text)\//.test(code);
}
