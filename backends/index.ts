import type { Backend } from '#backend';
import { chronicle } from './chronicle/index.ts';
import { sentinel } from './sentinel/index.ts';
import { splunk } from './splunk/index.ts';

/** The targets that siemc ships. A new one is a folder and a line here. */
export const backends: readonly Backend[] = [splunk, sentinel, chronicle];
