import type { Backend } from '#backend';
import { loadBackends } from '#backends';

/** Every shipped backend: what holds for one is checked on all. */
export const backends: readonly Backend[] = await loadBackends();
