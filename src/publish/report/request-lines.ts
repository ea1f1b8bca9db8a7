import type { ApiCall } from '../../backend/api.ts';
import type { PlannedCall } from '../model.ts';
import { oneLine } from './change-lines.ts';

/** A request as it is sent, but for the token: its line, its headers, its body. */
export function requestLines({ what, call }: PlannedCall): readonly string[] {
  const { method, url, headers = {} } = call;
  const shown = Object.entries(headers).filter(([name]) => !/^authorization$/i.test(name));
  return [
    `# ${what}`,
    `${method} ${url}`,
    ...shown.map(([name, value]) => `${name}: ${value}`),
    ...bodyLines(call),
  ].map(oneLine);
}

/** Values of a form are quoted as JSON quotes texts: each stands on one line, whatever is in it. */
function bodyLines({ json, form }: ApiCall): readonly string[] {
  if (json !== undefined) return ['', ...JSON.stringify(json, undefined, 2).split('\n')];
  if (form === undefined) return [];
  return ['', ...form.map(([name, value]) => `${name}=${JSON.stringify(value)}`)];
}
