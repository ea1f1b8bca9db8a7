import type { PackageSettings } from '#backend';

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

/** Settings with their defaults. What `settingProblems` finds fault with is as if it weren't there. */
export function appSettings(settings: PackageSettings): AppSettings {
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

/** A value that is a text. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A value that is a list of texts. */
export function texts(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return value.every((one) => typeof one === 'string') ? value : undefined;
}

/** A value that is a map. */
export function map(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return { ...value };
}
