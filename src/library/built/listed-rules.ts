import { releaseId } from '../../backend/release.ts';
import { byCodePoint } from '../../text/by-code-point.ts';
import { nameUuid } from '../../text/uuid.ts';
import { targetsIn } from './manifest.ts';

type Line = Readonly<Record<string, unknown>>;

/** A rule with a query at a destination, as its line of a manifest says it. */
export interface ListedRule {
  readonly stem: string;
  readonly id: string | undefined;
  readonly title: string;
  /** Its query's file and hash. */
  readonly file: string;
  readonly hash: string;
  /** What was packaged of it, and the hash of that; older manifests have none. */
  readonly files: readonly string[];
  readonly filesHash: string | undefined;
}

/** The rules that have a query at a destination, by their lines. */
export function listedRules(
  lines: Iterable<readonly [stem: string, line: Line]>,
  destination: string,
): readonly ListedRule[] {
  return [...lines].flatMap(([stem, line]) => {
    const { status, file, hash, files, filesHash } = targetsIn(line).get(destination) ?? {};
    const { id, title } = line;
    if (status !== 'ok' || typeof file !== 'string' || typeof hash !== 'string') return [];
    const one: ListedRule = {
      stem,
      id: typeof id === 'string' ? id : undefined,
      title: String(title),
      file,
      hash,
      files: textsIn(files),
      filesHash: typeof filesHash === 'string' ? filesHash : undefined,
    };
    return [one];
  });
}

/** The texts in a list; what is no list has none. */
export function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

/**
 * The ids by which the rules of a destination are released, by stem. Rules without ids that have one title would have one
 * id, too: all but the first by stem are told apart by their files.
 */
export function releaseIds(
  rules: readonly Pick<ListedRule, 'stem' | 'id' | 'title'>[],
): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  const taken = new Set<string>();
  for (const { stem, id: own, title } of rules.toSorted((a, b) => byCodePoint(a.stem, b.stem))) {
    const plain = releaseId(own, title);
    const id = taken.has(plain) ? nameUuid(plain, stem) : plain;
    taken.add(id);
    ids.set(stem, id);
  }
  return ids;
}
