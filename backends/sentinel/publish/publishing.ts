import type { Publishing } from '#backend';
import { publisher } from './publisher.ts';
import { settingProblems } from './settings.ts';

/** How analytics rules and watchlists get into a workspace of Microsoft Sentinel. */
export const publishing: Publishing = { settingProblems, publisher };
