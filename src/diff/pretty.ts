import type { Diff } from './model.ts';
export function renderPretty(diff: Diff, _: unknown = 0): string {
  return JSON.stringify(diff);
}
