import { filesBelow, textOf } from './files.ts';

/** What the sources say of codes. */
export interface Codes {
  /** The codes that the sources have; `*` stands for the id of a target. */
  readonly found: readonly string[];
  /** Whether the sources have a code, be it put together from a word. */
  knows(code: string): boolean;
}

/** Names of log sources and of modules look like codes. */
const others = /^(aws|node)\//;

const targets = ['splunk', 'sentinel', 'chronicle'];

/** Reads the codes out of the sources. */
export function codesOfSources(): Codes {
  const found = new Set<string>();
  const words = new Map<string, string>();
  for (const path of filesBelow('src').concat(filesBelow('backends'))) {
    if (!path.endsWith('.ts') || path.includes('.generated.')) continue;
    const text = textOf(path) ?? '';
    const area = areaOf(path);
    words.set(area, (words.get(area) ?? '') + text);
    for (const code of codesIn(text, area)) found.add(code);
  }
  for (const code of [...found]) if (isShared(code, found)) found.delete(code);
  return {
    found: [...found].filter((code) => !others.test(code)).sort(),
    knows: (code) => found.has(code) || isWord(slugOf(code), words.get(`${code.split('/')[0]}`)),
  };
}

function codesIn(text: string, area: string): readonly string[] {
  const whole = [...text.matchAll(/'((?:\*|[a-z]+)\/[a-z0-9-]+)'/g)].map(([, code = '']) => code);
  const ofTargets = [...text.matchAll(/`\$\{[\w.]*\bid\}\/([a-z-]+)`|\bslug: '([a-z-]+)'/g)];
  const shared = ofTargets.map(([, one, other]) => `*/${one ?? other}`);
  const refused = [...text.matchAll(/\brefuse\(\s*(?:input,\s*)?'([a-z-]+)'/g)];
  const own = area === '*' ? [] : refused.map(([, slug]) => `${area}/${slug}`);
  return [...whole, ...shared, ...own];
}

/** The first part of the codes that a file makes without writing them out. */
function areaOf(path: string): string {
  const target = /^backends\/([^/]+)\//.exec(path)?.[1];
  if (target !== undefined) return target;
  return path.startsWith('src/library/own/mapping') ? 'mapping' : '*';
}

/** Whether a target's code is one that any target may have. */
function isShared(code: string, found: ReadonlySet<string>): boolean {
  return targets.includes(code.split('/')[0] ?? '') && found.has(`*/${slugOf(code)}`);
}

function slugOf(code: string): string {
  return code.slice(code.indexOf('/') + 1);
}

function isWord(slug: string, text: string | undefined): boolean {
  if (text === undefined) return false;
  return (
    text.includes(`'${slug}'`) ||
    text.includes(`-${slug.split('-').at(-1)}\``) ||
    text.includes(`/${slug.replace(/-[a-z]+$/, '-')}\${`)
  );
}
