import type { MakeFunction } from './evaluate.ts';
import { jsonFunctions } from './functions-json.ts';
import { logicFunctions } from './functions-logic.ts';
import { manyFunctions } from './functions-many.ts';
import { numberFunctions } from './functions-number.ts';
import { textFunctions } from './functions-text.ts';
import { timeFunctions } from './functions-time.ts';

/** The eval functions by name. */
export const functions: Readonly<Record<string, MakeFunction>> = {
  ...logicFunctions,
  ...textFunctions,
  ...numberFunctions,
  ...manyFunctions,
  ...timeFunctions,
  ...jsonFunctions,
};
