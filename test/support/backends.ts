import { existsSync } from 'node:fs';
import type { Backend } from '#backend';

const targets = ['splunk', 'sentinel', 'chronicle'];

/** Every backend that can be loaded; one that is being written doesn't keep the others from being tested. */
export const backends: readonly Backend[] = await load();

async function load(): Promise<readonly Backend[]> {
  const found: Backend[] = [];
  for (const target of targets) {
    const url = new URL(`../../backends/${target}/index.ts`, import.meta.url);
    if (!existsSync(url)) continue;
    try {
      const module: Record<string, unknown> = await import(/* @vite-ignore */ url.href);
      found.push(...Object.values(module).filter(isBackend));
    } catch (error) {
      console.error(`${target} can't be loaded: ${String(error)}`);
    }
  }
  return found;
}

function isBackend(value: unknown): value is Backend {
  return typeof value === 'object' && value !== null && 'prepare' in value && 'compile' in value;
}
