import { resolve } from 'node:path';
import { didYouMean } from '../../diagnostics/suggest.ts';
import { fileStem } from '../../library/built/build.ts';
import type { NamedRule } from '../../publish/built.ts';
import { byCodePoint } from '../../text/by-code-point.ts';
import { Misuse } from '../misuse.ts';

/** The ids of the rules that are asked for by id, title or path; nothing if nobody asks. */
export function rulesAsked(
  asked: readonly string[] | undefined,
  named: readonly NamedRule[],
  { cwd, detections }: { readonly cwd: string; readonly detections: string },
): readonly string[] | undefined {
  if (asked === undefined) return undefined;
  // Where nothing can be published, why not is told already.
  if (named.length === 0) return asked;
  if (asked.length === 0) throw new Misuse('--rule needs the id, the path or the title of a rule.');
  const ids = asked.flatMap((name) => {
    const path = fileStem(resolve(cwd, name), detections);
    const found = named.filter(
      ({ id, title, stem }) =>
        id === name.toLowerCase() ||
        title.toLowerCase() === name.toLowerCase() ||
        [name, path].some((one) => stem === one || stem.startsWith(`${one}.`)),
    );
    if (found.length > 0) return found.map(({ id }) => id);
    const known = named.flatMap(({ id, title, stem }) => [id, title, stem]);
    const hint =
      didYouMean(name, known) ?? 'Give its id, its title, or its path below the detections.';
    throw new Misuse(`No rule that is or was built is called "${name}". ${hint}`);
  });
  return [...new Set(ids)].sort(byCodePoint);
}
