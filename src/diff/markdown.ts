import type { Diff } from './model.ts';
export function renderMarkdown(diff: Diff, _: unknown = 0): string {
  return JSON.stringify(diff);
}
