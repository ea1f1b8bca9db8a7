import type { Publishing } from '#backend';
import { publisher } from './publisher.ts';
import { settingProblems } from './setting-problems.ts';

/** Google SecOps by its API: rules, their deployments, and the reference lists that they name. */
export const publishing: Publishing = { settingProblems, publisher };
