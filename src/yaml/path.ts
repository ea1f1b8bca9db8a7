import { isMap } from '../text/is-map.ts';
import type { YamlPath } from './read.ts';

/** Whether a path is another one or leads on from it. */
export function isAtOrBelow(path: YamlPath, above: YamlPath): boolean {
  return above.every((step, index) => step === path[index]);
}

/** What stands at a path of plain data. */
export function valueAt(value: unknown, path: YamlPath): unknown {
  return path.reduce<unknown>((inner, step) => {
    if (Array.isArray(inner)) return typeof step === 'number' ? inner[step] : undefined;
    return isMap(inner) && Object.hasOwn(inner, step) ? inner[step] : undefined;
  }, value);
}
