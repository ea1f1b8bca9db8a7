import { entryProblem as problemOf } from '../../../src/match/list.ts';

/** Why a text can't be an entry of a reference list of a syntax, or a value in a column of a type. */
export function entryProblem(value: string, type: string): string | undefined {
  if (value === '') return 'it is empty';
  if ([...value].length > 512) return 'it has more than 512 characters';
  if (/[\r\n]/.test(value)) return 'it has a line break';
  if (type.endsWith('REGEX')) return problemOf('regex', value);
  if (type.endsWith('CIDR')) return problemOf('cidr', value);
  return type === 'NUMBER' && Number.isNaN(Number(value)) ? 'it is no number' : undefined;
}
