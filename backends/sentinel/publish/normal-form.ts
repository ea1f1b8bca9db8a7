import { byCodePoint, isMap, type Json } from '#backend';

/** Says a value of the service in the one way in which it is compared; nothing where the value says nothing. */
export type Form = (value: unknown) => Json | undefined;

/** A value as it is. Texts have one kind of line end, and no blanks before any: services change both. One that is empty says nothing. */
export const plain: Form = (value) => {
  if (typeof value === 'string') return textOf(value) || undefined;
  if (Array.isArray(value)) return value.map((one) => plain(one) ?? null);
  if (isMap(value)) return map(plain)(value) ?? {};
  return typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
};

/** What stands for a value that isn't there. */
export function orElse(form: Form, usual: Json): Form {
  return (value) => form(value) ?? usual;
}

/** An object of known members; others aren't siemc's. One without any is none. */
export function object(members: Readonly<Record<string, Form>>): Form {
  return (value) => {
    const given = isMap(value) ? value : {};
    return filled(
      Object.entries(members).map(([name, form]) => [
        name,
        form(Object.hasOwn(given, name) ? given[name] : undefined),
      ]),
    );
  };
}

/** An object whose members have names of people's choice. */
export function map(form: Form): Form {
  return (value) => {
    if (!isMap(value)) return undefined;
    const entries = Object.entries(value).sort(([a], [b]) => byCodePoint(a, b));
    return filled(entries.map(([name, one]) => [name, form(one)]));
  };
}

/** A list whose order means nothing. One without entries is none. */
export function unordered(form: Form): Form {
  return (value) => {
    if (!Array.isArray(value) || value.length === 0) return undefined;
    return value
      .flatMap((one) => form(one) ?? [])
      .map((one) => [JSON.stringify(one), one] as const)
      .sort(([a], [b]) => byCodePoint(a, b))
      .map(([, one]) => one);
  };
}

/** A duration (ISO 8601) in the shortest way to write it, which is that of .NET: `P1D` for `PT24H`. */
export const duration: Form = (value) => {
  const parts = /^P(?!$)(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(
    String(value),
  );
  if (parts === null) return plain(value);
  const [weeks, days, hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0));
  const all =
    (((weeks ?? 0) * 7 + (days ?? 0)) * 24 + (hours ?? 0)) * 3600 +
    (minutes ?? 0) * 60 +
    (seconds ?? 0);
  return durationText(all);
};

function durationText(seconds: number): string {
  const part = (amount: number, unit: string): string => (amount === 0 ? '' : `${amount}${unit}`);
  const days = part(Math.floor(seconds / 86_400), 'D');
  const time = [
    part(Math.floor((seconds % 86_400) / 3600), 'H'),
    part(Math.floor((seconds % 3600) / 60), 'M'),
    part(seconds % 60, 'S'),
  ].join('');
  if (days === '' && time === '') return 'PT0S';
  return `P${days}${time === '' ? '' : `T${time}`}`;
}

function textOf(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trimEnd())
    .join('\n')
    .trimEnd();
}

function filled(entries: readonly (readonly [string, Json | undefined])[]): Json | undefined {
  const said = entries.filter((entry): entry is readonly [string, Json] => entry[1] !== undefined);
  return said.length === 0 ? undefined : Object.fromEntries(said);
}
