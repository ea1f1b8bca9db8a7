const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Up to whole minutes: what a rule looks back at may be more than it needs. */
export function wholeMinutes(milliseconds: number): number {
  return Math.ceil(milliseconds / minute) * minute;
}

/** Whole minutes as an ISO 8601 duration: `PT5M`, `P1DT45M`. */
export function isoDuration(milliseconds: number): string {
  const days = Math.floor(milliseconds / day);
  const hours = Math.floor((milliseconds % day) / hour);
  const minutes = Math.floor((milliseconds % hour) / minute);
  const date = days > 0 ? `${days}D` : '';
  const time = `${hours > 0 ? `${hours}H` : ''}${minutes > 0 ? `${minutes}M` : ''}`;
  return time === '' && date !== '' ? `P${date}` : `P${date}T${time === '' ? '0M' : time}`;
}

/** Whole minutes as templates have them, in the largest unit that fits: `5m`, `2h`, `1d`. */
export function shortDuration(milliseconds: number): string {
  if (milliseconds % day === 0) return `${milliseconds / day}d`;
  return milliseconds % hour === 0 ? `${milliseconds / hour}h` : `${milliseconds / minute}m`;
}
