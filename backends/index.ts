import type { Backend } from '#backend';

/** The targets that siemc ships, each loaded when it is wanted. A new one is a folder and a line here. */
export const backends: Readonly<Record<string, () => Promise<Backend>>> = {
  splunk: async () => (await import('./splunk/index.ts')).splunk,
  sentinel: async () => (await import('./sentinel/index.ts')).sentinel,
  chronicle: async () => (await import('./chronicle/index.ts')).chronicle,
};

/** All of them, in their order. */
export function loadBackends(): Promise<readonly Backend[]> {
  return Promise.all(Object.values(backends).map((load) => load()));
}
