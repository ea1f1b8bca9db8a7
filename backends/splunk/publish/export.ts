import { nameUuid, type Observed } from '#backend';
import { type Entry, printConf, type Stanza } from '../package/conf.ts';
import { isCertain, oneLine } from '../package/one-line.ts';
import { besideOf, partsOf } from './held.ts';
import type { Key, Settings } from './keys.ts';
import { kindOf } from './kinds.ts';
import { formValue, linesOf } from './values.ts';

/** The namespace of what tells files apart whose names are alike. */
const files = '5a2d8d2f-9d8e-5a08-a6c5-5d1c6f0e4c1b';

/** Each saved search or macro as a stanza of its configuration file. */
export function exported(seen: Observed): ReadonlyMap<string, string> {
  const kind = kindOf(seen);
  const { others } = besideOf(seen);
  return new Map(
    [...partsOf(seen.projection)].map(([name, { settings, acl }]) => {
      const entries = [
        ...entriesOf(kind.keys, settings),
        ...otherEntries(Object.hasOwn(others, name) ? (others[name] ?? {}) : {}),
      ];
      const shared = `Shared: ${acl.sharing}; owner: ${acl.owner}; read: ${acl.read.join(', ')}; write: ${acl.write.join(', ')}.`;
      return [fileName(kind.word, name), stanzaText(name, entries, oneLine(shared))];
    }),
  );
}

/** A name of which no system makes another folder or a device, and no two are the same whatever the case of letters. */
function fileName(word: string, name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .toLowerCase()
    .slice(0, 80)
    .replace(/^-|-$/g, '');
  const mark = nameUuid(files, `${word}:${name}`).slice(0, 8);
  return `${plain === '' ? '' : `${plain}-`}${mark}.conf`;
}

/** What differs from what everything has. */
function entriesOf(keys: readonly Key[], settings: Settings): readonly Entry[] {
  return keys.flatMap((key): readonly Entry[] => {
    const value = settings[key.name] ?? null;
    if (JSON.stringify(value) === JSON.stringify(key.otherwise)) return [];
    return [[key.conf ?? key.name, formValue(key, value)]];
  });
}

function otherEntries(others: Readonly<Record<string, string>>): readonly Entry[] {
  return Object.entries(others).flatMap(([name, value]): readonly Entry[] =>
    name === 'actions'
      ? value.split(',').map((action) => [`action.${action}`, '1'])
      : [[name, value]],
  );
}

/** Parameters of actions that may let somebody in elsewhere: files of an export end up in repositories. */
const secret = /passw|secret|token|credential|api_?key|webhook/i;

/**
 * A stanza. Others write what a configuration file may not keep: such a value stands as a comment, in the form of JSON.
 */
function stanzaText(name: string, all: readonly Entry[], shared: string): string {
  const isSecret = ([key]: Entry): boolean => secret.test(key);
  const entries = all.filter((entry) => !isSecret(entry));
  const hidden = all
    .filter(isSecret)
    .map(([key]) => `Left out, it may be a secret: ${plainJson(key)}`);
  const lines = entries.map(([key, value]): Entry => [key, linesOf(value)]);
  const isKept = ([key, value]: Entry): boolean => /^[\w.]+$/.test(key) && isCertain(value);
  const title = oneLine(name.replaceAll('[', '(').replaceAll(']', ')'));
  const stanza: Stanza = { title, entries: lines.filter(isKept) };
  const lost = entries.filter((_, index) => !isKept(lines[index] ?? ['', '']));
  return printConf(
    [
      shared,
      ...(title === name ? [] : [`The name: ${plainJson(name)}`]),
      ...hidden,
      ...lost.map(([key, value]) => `As JSON, of ${plainJson(key)}: ${plainJson(value)}`),
    ],
    [stanza],
  );
}

/** A text in quotes, every sign that isn't plain by its code. */
function plainJson(text: string): string {
  return JSON.stringify(text).replace(
    /[^ -~]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
