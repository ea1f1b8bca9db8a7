import type { Publisher, Publishing, PublishTarget } from '#backend';
import { appSettings } from '../package/settings.ts';
import { checks } from './checks.ts';
import { connectionOf, settingProblems, signIn } from './connection.ts';
import { desired } from './desired.ts';
import { messageOf } from './entries.ts';
import { exported } from './export.ts';
import { observe, observeOne } from './observe.ts';
import { type Place, rates } from './requests.ts';
import { next, retired, stuck } from './steps.ts';

/** Rules and macros over Splunk's REST API, into the app that was installed with their lookups. */
export const publishing: Publishing = { settingProblems, publisher };

function publisher({ settings, package: packaged }: PublishTarget): Publisher {
  const connection = connectionOf(settings);
  const { origin, authorities } = connection;
  const { app } = appSettings(packaged);
  const place: Place = { origin, app };
  return {
    endpoint: `${origin}, app ${app}`,
    origins: [origin],
    ...(authorities !== undefined && { authorities }),
    pacing: {
      atOnce: 4,
      rates,
      timeout: 60_000,
      // A search head reads its own writes; behind a load balancer another member of its cluster may answer.
      settle: [1000, 4000],
    },
    signIn: (surroundings) => signIn(connection, surroundings),
    messageOf,
    desired: (built, report) => desired(built, packaged, report),
    observe: (read) => observe(place, read),
    observeOne: (read, goal, seen) => observeOne(place, read, goal, seen),
    next: (goal, seen) => next(place, goal, seen),
    stuck,
    checks: (object, seen) => checks(place, object, seen),
    retired,
    exported,
  };
}
