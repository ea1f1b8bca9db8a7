import { isAscii } from '#backend';
import { ofTexts, ofValues } from './arguments.ts';
import { finite, type MakeFunction } from './evaluate.ts';
import { compileGroups } from './regex.ts';
import { isMany, toNumber, type Value } from './value.ts';

/** Text functions and conversions (Search Reference, "Text functions", "Conversion functions"). */
export const textFunctions: Readonly<Record<string, MakeFunction>> = {
  lower: ofTexts(([text = '']) => byCharacter(text, (each) => each.toLowerCase())),
  upper: ofTexts(([text = '']) => byCharacter(text, (each) => each.toUpperCase())),
  len: ofTexts(([text = '']) => [...text].length),
  trim: ofTexts(([text = '', characters]) => trimEnd(trimStart(text, characters), characters)),
  ltrim: ofTexts(([text = '', characters]) => trimStart(text, characters)),
  rtrim: ofTexts(([text = '', characters]) => trimEnd(text, characters)),
  substr: ofTexts(([text = '', start = '1', length]) => {
    const from = Number(start);
    const characters = [...text];
    const begin = from > 0 ? from - 1 : Math.max(0, characters.length + from);
    const end = length === undefined ? characters.length : begin + Number(length);
    return characters.slice(begin, end).join('');
  }),
  replace: ofTexts(([text = '', pattern = '', replacement = '']) => {
    const spelled = replacement.replaceAll('$', '$$$$').replace(/\\(\d)/g, '$$$1');
    return compileGroups(pattern).matcher(text).replaceAll(spelled);
  }),
  urldecode: ofTexts(([text = '']) => {
    try {
      return decodeURIComponent(text.replaceAll('+', ' '));
    } catch {
      return text;
    }
  }),
  tonumber: ofTexts(([text = '', base = '10']) =>
    base === '10' ? toNumber(text) : finite(Number.parseInt(text, Number(base))),
  ),
  tostring: ofValues(([value, format]) => toText(value, format)),
  typeof: ofValues(([value]) => {
    if (value === undefined) return 'Invalid';
    if (typeof value === 'boolean') return 'Boolean';
    return typeof value === 'number' ? 'Number' : 'String';
  }),
};

/** Each character by itself: the case of one doesn't depend on its neighbours. */
function byCharacter(text: string, change: (character: string) => string): string {
  return isAscii(text) ? change(text) : Array.from(text, change).join('');
}

function toText(value: Value, format: Value): Value {
  if (value === undefined || isMany(value)) return value;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  const number = toNumber(value);
  if (number === undefined || format === undefined) return String(value);
  if (format === 'hex') return `0x${Math.trunc(number).toString(16).toUpperCase()}`;
  if (format === 'commas') return number.toLocaleString('en-US', { maximumFractionDigits: 2 });
  if (format === 'duration') return duration(number);
  return String(value);
}

function duration(seconds: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const days = Math.floor(seconds / 86_400);
  const clock = `${two((seconds % 86_400) / 3600)}:${two((seconds % 3600) / 60)}:${two(seconds % 60)}`;
  return days > 0 ? `${days}+${clock}` : clock;
}

function trimStart(text: string, characters: string = ' \t'): string {
  let from = 0;
  while (from < text.length && characters.includes(text.charAt(from))) from += 1;
  return text.slice(from);
}

function trimEnd(text: string, characters: string = ' \t'): string {
  let to = text.length;
  while (to > 0 && characters.includes(text.charAt(to - 1))) to -= 1;
  return text.slice(0, to);
}
