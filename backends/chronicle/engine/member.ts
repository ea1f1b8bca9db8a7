/** A member by the name that rules use, or as the API writes it (`eventTimestamp`). */
export function member(value: unknown, name: string): unknown {
  if (typeof value === 'string') return timePart(value, name);
  if (typeof value !== 'object' || value === null) return undefined;
  const record = value as Readonly<Record<string, unknown>>;
  if (Object.hasOwn(record, name)) return record[name];
  if (!name.includes('_')) return undefined;
  const camel = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Object.hasOwn(record, camel) ? record[camel] : undefined;
}

/** `seconds` and `nanos` of a time that stands as ISO text. */
function timePart(text: string, name: string): number | undefined {
  if (name !== 'seconds' && name !== 'nanos') return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time)) return undefined;
  const seconds = Math.floor(time / 1000);
  return name === 'seconds' ? seconds : (time - seconds * 1000) * 1e6;
}
