import { didYouMean, type PackageSettings, type SettingProblem } from '#backend';
import { map, text, texts } from './values.ts';

type Path = readonly (string | number)[];

/** Names that no folder may have on Windows (app.conf, `[package] id`). */
const taken = /^(con|prn|aux|nul|com[1-9]|lpt[1-9])$/i;

type Check = (value: unknown, at: Path, sources: readonly string[]) => readonly SettingProblem[];

const known: Readonly<Record<string, Check>> = {
  app: of((value) => {
    const id = text(value);
    return id !== undefined && /^[A-Za-z][A-Za-z0-9._]*$/.test(id) && isFolder(id);
  }, 'The id of an app is letters, digits, "_" and ".", a letter first and no "." last: it names a folder.'),
  label: of((value) => {
    const label = text(value);
    return (
      label !== undefined && /^[^\p{C}\p{Zl}\p{Zp}[\]\\$]{1,80}$/u.test(label) && isLabel(label)
    );
  }, 'The label is a text of at most 80 characters, without "[", "]", "\\" and "$".'),
  version: of(
    (value) => /^\d+\.\d+\.\d+$/.test(text(value) ?? ''),
    'The version is three numbers: "1.0.0".',
  ),
  author: of(
    (value) => /^[^\p{C}\p{Zl}\p{Zp}\\]+$/u.test(text(value)?.trim() ?? ''),
    'The author is a text on one line, without "\\".',
  ),
  enterpriseSecurity: of((value) => typeof value === 'boolean', 'It is true or false.'),
  indexes: indexProblems,
  readRoles: roleProblems,
  writeRoles: roleProblems,
};

/** What is wrong with the settings of a destination: keys, and values that Splunk wouldn't take. */
export function settingProblems(
  settings: PackageSettings,
  sources: readonly string[],
): readonly SettingProblem[] {
  return Object.entries(settings).flatMap(([key, value]) => {
    const check = Object.hasOwn(known, key) ? known[key] : undefined;
    if (check !== undefined) return check(value, [key], sources);
    const hint =
      didYouMean(key, Object.keys(known)) ?? `There are: ${Object.keys(known).join(', ')}.`;
    return [{ path: [key], message: `A Splunk app has no setting "${key}".`, hint }];
  });
}

function of(isRight: (value: unknown) => boolean, message: string): Check {
  return (value, path) => (isRight(value) ? [] : [{ path, message }]);
}

/** Names of folders that every system takes. */
function isFolder(id: string): boolean {
  return !id.endsWith('.') && !taken.test(id);
}

/** A label has no blanks around it and doesn't begin with words that Splunk keeps for itself (app.conf). */
function isLabel(label: string): boolean {
  return label === label.trim() && !/^splunk for /i.test(label);
}

function indexProblems(
  value: unknown,
  at: Path,
  sources: readonly string[],
): readonly SettingProblem[] {
  const bySource = map(value);
  if (bySource === undefined)
    return [{ path: at, message: 'The indexes are a map from log sources to lists of indexes.' }];
  return Object.entries(bySource).flatMap(([source, names]): readonly SettingProblem[] => {
    if (!sources.includes(source)) {
      const hint = didYouMean(source, sources) ?? `There are: ${sources.join(', ')}.`;
      return [{ path: [...at, source], message: `Splunk keeps no log "${source}".`, hint }];
    }
    const list = texts(names);
    if (list === undefined)
      return [
        { path: [...at, source], message: `The indexes of "${source}" are a list of names.` },
      ];
    return list.flatMap((name, index) =>
      isIndex(name)
        ? []
        : [
            {
              path: [...at, source, index],
              message: `"${name}" names no index: a name is lower-case letters, digits, "_" and "-", a letter or digit first; "*" stands for any of them.`,
            },
          ],
    );
  });
}

/** Names as indexes.conf has them, where `*` stands for any characters (Search Manual, "Wildcards"). */
function isIndex(name: string): boolean {
  return /^[a-z0-9*][a-z0-9_*-]*$/.test(name) && !name.includes('kvstore');
}

/** Role names have no capitals, blanks, colons, semicolons and slashes (authorize.conf); commas part them. */
function roleProblems(value: unknown, at: Path): readonly SettingProblem[] {
  const list = texts(value);
  if (list === undefined) return [{ path: at, message: 'The roles are a list of names.' }];
  return list.flatMap((name, index) =>
    /^([a-z0-9_.-]+|\*)$/.test(name)
      ? []
      : [
          {
            path: [...at, index],
            message: `"${name}" names no role: a name is lower-case letters, digits, "_", "." and "-"; "*" stands for all roles.`,
          },
        ],
  );
}
