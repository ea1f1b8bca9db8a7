/** Words that no variable may be called: the documentation's list, and the literals. */
const keywords: ReadonlySet<string> = new Set(
  (
    'rule meta match over events condition outcome options and or not nocase in regex cidr before ' +
    'after all any if max min sum array array_distinct count count_distinct is null by true false'
  ).split(' '),
);

/** The event variable of compiled rules over single events, and any event of a correlation. */
export const eventVariable = 'e';

/** The event with which a correlation's window ends. */
export const pivotVariable = 'pivot';

/** The placeholder whose distinct values are counted. */
export const valueVariable = 'value';

/** A rule's name made of its title: lower snake case, ASCII, starting with a letter, no keyword. */
export function ruleName(title: string): string {
  return identifier(title, 'rule_');
}

/** The outcome that Google SecOps itself reads; it has to be a number. */
export const riskScore = 'risk_score';

/** The outcome by whose values Google SecOps suppresses detections of a rule without a match section. */
export const suppressionKey = 'suppression_key';

const reserved: readonly string[] = [eventVariable, riskScore, suppressionKey];

/** An outcome's name made of an output's; it differs from the event variable and from what Google SecOps reads. */
export function outcomeName(name: string): string {
  const made = identifier(name, 'x_');
  return reserved.includes(made) ? `${made}_` : made;
}

/** A variable's name made of a name of the rule; `awsRegion` becomes `aws_region`. */
export function variableName(name: string): string {
  return identifier(name.replace(/[a-z0-9](?=[A-Z])|[A-Z](?=[A-Z][a-z])/g, '$&_'), 'x_');
}

/** A name that isn't taken: numbered if it is. */
export function freeName(base: string, taken: readonly string[]): string {
  let free = base;
  for (let n = 2; taken.includes(free); n += 1) free = `${base}_${n}`;
  return free;
}

function identifier(text: string, prefix: string): string {
  const words = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  const legal = /^[a-z]/.test(words) ? words : `${prefix}${words}`.replace(/_+$/, '');
  return keywords.has(legal) ? `${legal}_` : legal;
}
