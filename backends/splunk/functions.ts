import { didYouMean } from '#backend';

/** How many arguments an eval function takes: at least, at most. */
const arities: Readonly<Record<string, readonly [number, number]>> = {
  abs: [1, 1],
  case: [2, 1000],
  ceiling: [1, 1],
  cidrmatch: [2, 2],
  coalesce: [1, 1000],
  exp: [1, 1],
  false: [0, 0],
  floor: [1, 1],
  if: [3, 3],
  in: [2, 1000],
  isint: [1, 1],
  isnotnull: [1, 1],
  isnull: [1, 1],
  isnum: [1, 1],
  isstr: [1, 1],
  json_array_to_mv: [1, 2],
  json_extract: [1, 2],
  len: [1, 1],
  like: [2, 2],
  ln: [1, 1],
  log: [1, 2],
  lower: [1, 1],
  ltrim: [1, 2],
  match: [2, 2],
  max: [1, 1000],
  min: [1, 1000],
  mvappend: [1, 1000],
  mvcount: [1, 1],
  mvdedup: [1, 1],
  mvfilter: [1, 1],
  mvfind: [2, 2],
  mvindex: [2, 3],
  mvjoin: [2, 2],
  mvmap: [2, 2],
  mvrange: [2, 3],
  mvsort: [1, 1],
  mvzip: [2, 3],
  now: [0, 0],
  null: [0, 0],
  nullif: [2, 2],
  pow: [2, 2],
  relative_time: [2, 2],
  replace: [3, 3],
  round: [1, 2],
  rtrim: [1, 2],
  spath: [2, 2],
  split: [2, 2],
  sqrt: [1, 1],
  strftime: [2, 2],
  strptime: [2, 2],
  substr: [2, 3],
  time: [0, 0],
  tonumber: [1, 2],
  tostring: [1, 2],
  trim: [1, 2],
  true: [0, 0],
  typeof: [1, 1],
  upper: [1, 1],
  urldecode: [1, 1],
  validate: [2, 1000],
};

const aggregates: ReadonlySet<string> = new Set([
  'avg',
  'count',
  'dc',
  'earliest',
  'earliest_time',
  'first',
  'last',
  'latest',
  'latest_time',
  'list',
  'max',
  'median',
  'min',
  'mode',
  'range',
  'stdev',
  'stdevp',
  'sum',
  'sumsq',
  'values',
  'var',
  'varp',
]);

/** An aggregate of a percentile: `perc95`, `p99`, `exactperc50`. */
export const percentile: RegExp = /^(?:p|perc|exactperc|upperperc)(\d{1,2}(?:\.\d+)?|100)$/;

/** What is wrong with a function's name or with its number of arguments. */
export function functionProblem(name: string, count?: number): string | undefined {
  const arity = Object.hasOwn(arities, name) ? arities[name] : undefined;
  if (arity === undefined) {
    const hint = didYouMean(name, Object.keys(arities));
    return `The function "${name}" is not part of the subset of SPL that is read here${tail(hint)}`;
  }
  if (count === undefined) return undefined;
  const [least, most] = arity;
  if (count >= least && count <= most) return undefined;
  const wanted = least === most ? String(least) : `${least} to ${most}`;
  return `The function "${name}" takes ${wanted} arguments, not ${count}`;
}

/** What is wrong with an aggregate's name. */
export function aggregateProblem(name: string): string | undefined {
  if (aggregates.has(name) || percentile.test(name)) return undefined;
  const hint = didYouMean(name, aggregates);
  return `The aggregate "${name}" is not part of the subset of SPL that is read here${tail(hint)}`;
}

function tail(hint: string | undefined): string {
  return hint === undefined ? '' : `. ${hint}`;
}
