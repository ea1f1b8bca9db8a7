import { filesBelow, textOf } from './files.ts';

/** What the sources say of codes. */
export interface Codes {
  /** The codes that the sources have; `*` stands for the id of a target. */
  readonly found: readonly string[];
  /** The beginnings of codes that the sources put together. */
  readonly begun: readonly string[];
  /** Whether the sources have a code, or the words that it is put together of. */
  knows(code: string): boolean;
}

const targets = ['splunk', 'sentinel', 'chronicle'];

/** Names of log sources, of modules and of kinds of content look like codes. */
const others = /^(application|aws|azure|node|text)\//;

/** Reads the codes out of the sources. */
export function codesOfSources(): Codes {
  const found = new Set<string>();
  const begun = new Set<string>();
  const texts = new Map<string, string>();
  for (const path of [...filesBelow('src'), ...filesBelow('backends')]) {
    if (!path.endsWith('.ts') || path.includes('.generated.')) continue;
    const text = textOf(path) ?? '';
    const area = /^backends\/([^/]+)\//.exec(path)?.[1] ?? '*';
    texts.set(area, (texts.get(area) ?? '') + text);
    for (const code of codesIn(text, area)) found.add(code);
    for (const [, start = ''] of text.matchAll(/`([a-z]+\/[a-z-]+-)\$\{/g)) begun.add(start);
  }
  for (const code of [...found]) if (others.test(code) || isShared(code, found)) found.delete(code);
  return {
    found: [...found].sort(),
    begun: [...begun].sort(),
    knows: (code) =>
      found.has(code) ||
      [...begun].some((start) => code.startsWith(start)) ||
      hasWord(slugOf(code), texts.get(code.slice(0, code.indexOf('/'))) ?? ''),
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

/** Whether a target's code is one that any target may have. */
function isShared(code: string, found: ReadonlySet<string>): boolean {
  const shared = anyTargets(code);
  return shared !== code && found.has(shared);
}

/** The code as any target would have it; a code that isn't a target's stays. */
export function anyTargets(code: string): string {
  return targets.includes(code.slice(0, code.indexOf('/'))) ? `*/${slugOf(code)}` : code;
}

function slugOf(code: string): string {
  return code.slice(code.indexOf('/') + 1);
}

/** Whether a text has a problem's name, or at least how it ends (`${kind}-text`). */
function hasWord(slug: string, text: string): boolean {
  return text.includes(`'${slug}'`) || text.includes(`}-${slug.split('-').at(-1)}\``);
}
