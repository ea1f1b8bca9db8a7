/** An ISO 8601 duration in seconds, of days, hours, minutes and seconds; nothing where it is none. */
export function secondsOf(text: unknown): number | undefined {
  const parts = /^P(?!$)(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(
    typeof text === 'string' ? text : '',
  );
  if (parts === null) return undefined;
  const [, days = 0, hours = 0, minutes = 0, seconds = 0] = parts;
  return Number(days) * 86400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

/** The shortest way to write so many seconds: what .NET makes of a duration that it has read. */
export function shortest(seconds: number): string {
  const units: readonly (readonly [amount: number, unit: string])[] = [
    [Math.floor((seconds % 86400) / 3600), 'H'],
    [Math.floor((seconds % 3600) / 60), 'M'],
    [seconds % 60, 'S'],
  ];
  const time = units.map(([amount, unit]) => (amount === 0 ? '' : `${amount}${unit}`)).join('');
  const days = Math.floor(seconds / 86400);
  if (days === 0 && time === '') return 'PT0S';
  return `P${days === 0 ? '' : `${days}D`}${time === '' ? '' : `T${time}`}`;
}
