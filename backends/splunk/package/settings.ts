import type { PackageSettings } from '#backend';
import { settingProblems } from './setting-problems.ts';
import { map, text, texts } from './values.ts';

/** How a destination wants its app. */
export interface AppSettings {
  /** The name of the app's folder below `etc/apps`. */
  readonly app: string;
  readonly label: string;
  readonly version: string;
  readonly author: string | undefined;
  /** Whether rules become correlation searches of Enterprise Security instead of alerts. */
  readonly enterpriseSecurity: boolean;
  /** The indexes of each log, by the log source's name; of others all indexes are searched. */
  readonly indexes: ReadonlyMap<string, readonly string[]>;
  readonly readRoles: readonly string[];
  readonly writeRoles: readonly string[];
}

/** Settings with their defaults. One that `settingProblems` finds fault with is as if it weren't there. */
export function appSettings(given: PackageSettings): AppSettings {
  const sources = Object.keys(map(given['indexes']) ?? {});
  const wrong = new Set(settingProblems(given, sources).map(({ path: [key] }) => key));
  const settings = Object.fromEntries(Object.entries(given).filter(([key]) => !wrong.has(key)));
  const app = text(settings['app']) ?? 'siemc_detections';
  return {
    app,
    label: text(settings['label']) ?? app.replaceAll('_', ' '),
    version: text(settings['version']) ?? '1.0.0',
    author: text(settings['author']),
    enterpriseSecurity: settings['enterpriseSecurity'] === true,
    indexes: new Map(
      Object.entries(map(settings['indexes']) ?? {}).map(([source, names]) => [
        source,
        texts(names) ?? [],
      ]),
    ),
    readRoles: texts(settings['readRoles']) ?? ['*'],
    writeRoles: texts(settings['writeRoles']) ?? ['admin', 'sc_admin'],
  };
}
