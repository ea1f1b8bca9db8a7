import { rawText } from '#backend';
import { ofTexts, ofValues } from './arguments.ts';
import type { MakeFunction } from './evaluate.ts';
import { parseJson, readPath, scalarsAt, valuesAt } from './json.ts';
import { cellOf, isMany, type Value } from './value.ts';

/** Functions that read JSON (Search Reference, "JSON functions", and `spath` among the "Text functions"). */
export const jsonFunctions: Readonly<Record<string, MakeFunction>> = {
  json_extract: ofValues(([json, path], run) => {
    if (json === undefined || isMany(json)) return undefined;
    const whole = parseJson(String(json), run);
    const [value] = path === undefined ? [whole] : valuesAt(whole, readPath(String(path)));
    return nativeOf(value);
  }),
  json_array_to_mv: ofValues(([json, keepQuotes], run) => {
    if (json === undefined || isMany(json)) return undefined;
    const array = parseJson(String(json), run);
    if (!Array.isArray(array)) return undefined;
    const left = run.readings['json-array-null'] === 'absent';
    if (array.includes(null)) {
      run.assume(`json_array_to_mv leaves out what is null: ${left}.`);
    }
    const kept = left ? array.filter((item) => item !== null) : array;
    return cellOf(
      kept.map((item) => (typeof item === 'string' && keepQuotes !== true ? item : rawText(item))),
    );
  }),
  spath: ofTexts(([json = '', path = ''], run) =>
    cellOf(scalarsAt(parseJson(json, run), readPath(path), run.readings['json-null'] === 'text')),
  ),
};

function nativeOf(value: unknown): Value {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'object') return rawText(value);
  return typeof value === 'number' ? value : String(value);
}
