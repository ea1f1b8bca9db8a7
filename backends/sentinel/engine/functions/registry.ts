import { didYouMean } from '#backend';
import { refuse, type Typed } from '../scope.ts';
import { addresses } from './address.ts';
import { arrays } from './array.ts';
import { bags } from './bag.ts';
import { choices } from './choice.ts';
import { conversions } from './convert.ts';
import type { Call, Functions } from './define.ts';
import { hashes } from './hash.ts';
import { numbers } from './number.ts';
import { texts } from './text.ts';
import { times } from './time.ts';
import { windows } from './window.ts';

const functions: Functions = {
  ...addresses,
  ...arrays,
  ...bags,
  ...choices,
  ...conversions,
  ...hashes,
  ...numbers,
  ...texts,
  ...times,
  ...windows,
};

/** Whether there is a scalar function of a name. */
export function isFunction(name: string): boolean {
  return Object.hasOwn(functions, name);
}

/** Whether a function looks at the rows around one. */
export function looksAtRows(name: string): boolean {
  return Object.hasOwn(windows, name);
}

/** Makes a call of a scalar function ready. */
export function callFunction(call: Call): Typed {
  const build = isFunction(call.name) ? functions[call.name] : undefined;
  if (build !== undefined) return build(call);
  const hint = didYouMean(call.name, Object.keys(functions));
  return refuse(
    `The function ${call.name}(…) isn't supported${hint === undefined ? '' : `. ${hint}`}`,
  );
}
