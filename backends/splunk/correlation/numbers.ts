import { printRegex } from '#backend';
import type { Assignment } from '../ast.ts';
import { call, field, string } from '../eval-build.ts';
import { numberShape } from '../lower-shapes.ts';
import { assign, type ValueColumn } from './shape.ts';

/** The number that a value is; of anything but plain decimal digits: nothing. */
export function numberIn(values: readonly ValueColumn[]): readonly Assignment[] {
  return values.map(({ name }) => {
    const isNumber = call('match', field(name), string(printRegex(numberShape, { end: '\\z' })));
    const value = call('if', isNumber, call('tonumber', field(name)), call('null'));
    return assign('siemc_number', value);
  });
}
