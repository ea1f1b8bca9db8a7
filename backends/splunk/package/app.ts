import type { Mapping } from '#backend';
import { render as renderManifest } from './app.manifest.hbs.generated.js';
import type { Stanza } from './conf.ts';
import { render as renderReadme } from './readme.md.hbs.generated.js';
import type { AppSettings } from './settings.ts';

const description = 'Detections that siemc compiled of Sigma rules.';

/** Macros that stand for the indexes of a log: of several logs in one macro those of all. */
export function indexMacros(
  mappings: readonly Mapping[],
  { indexes }: AppSettings,
): readonly Stanza[] {
  const byMacro = new Map<string, ReadonlySet<string>>();
  for (const { source, scope } of mappings) {
    const macro = scope['macro'];
    if (macro === undefined) continue;
    const named = indexes.get(source) ?? ['*'];
    byMacro.set(macro, new Set([...(byMacro.get(macro) ?? []), ...named]));
  }
  return [...byMacro].map(([title, names]) => ({
    title,
    entries: [['definition', `(${[...names].map((name) => `index=${name}`).join(' OR ')})`]],
  }));
}

/** What the app is, for Splunk's launcher and its installer. */
export function appStanzas({ app, label, version, author }: AppSettings): readonly Stanza[] {
  return [
    {
      title: 'install',
      entries: [
        ['state', 'enabled'],
        ['is_configured', '1'],
        ['build', '1'],
      ],
    },
    {
      title: 'ui',
      entries: [
        ['is_visible', '0'],
        ['label', label],
      ],
    },
    {
      title: 'launcher',
      entries: [
        ...(author === undefined ? [] : [['author', author.trim()] as const]),
        ['description', description],
        ['version', version],
      ],
    },
    {
      title: 'package',
      entries: [
        ['id', app],
        ['check_for_updates', '0'],
      ],
    },
    {
      title: 'id',
      entries: [
        ['name', app],
        ['version', version],
      ],
    },
  ];
}

/** Who may see and change what is in the app. Enterprise Security runs what all apps share. */
export function metaStanzas(settings: AppSettings): readonly Stanza[] {
  const { readRoles, writeRoles, enterpriseSecurity } = settings;
  const access = `read : [ ${readRoles.join(', ')} ], write : [ ${writeRoles.join(', ')} ]`;
  return [
    {
      title: '',
      entries: [
        ['access', access],
        ['export', enterpriseSecurity ? 'system' : 'none'],
      ],
    },
  ];
}

/** What the packaging toolkit and Splunk Cloud read of an app. */
export function manifest(settings: AppSettings): string {
  const { app, label, version, author = 'siemc' } = settings;
  return renderManifest(
    { app, label, version, author: author.trim(), description },
    { helpers: { json: (text: string) => JSON.stringify(text) } },
  );
}

/** The page of the app for those who install it. */
export function readme({ app, label }: AppSettings, searches: number, lists: number): string {
  return renderReadme({ app, label, searches, lists });
}
