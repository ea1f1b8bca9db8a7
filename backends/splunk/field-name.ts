import type { LowerReport, MappedPlace, Span, Step } from '#backend';

/** The name under which Splunk extracts a place: keys joined by dots, `{}` behind each array. */
export function fieldName({ place, rest }: Pick<MappedPlace, 'place' | 'rest'>): string {
  return place.path.replace('*', () => stepsName(rest));
}

/** The name of a path. */
export function stepsName(steps: readonly Step[]): string {
  return steps.map(({ key, array }) => (array ? `${key}{}` : key)).join('.');
}

/**
 * Whether a field can be named in a query: no manual says how a key with other characters is extracted
 * or quoted, and the search's own columns begin with `siemc_`.
 */
export function canName(at: Pick<MappedPlace, 'place' | 'rest'>): boolean {
  return nameProblem(at) === undefined;
}

/** Reports a field that can't be named. */
export function reportName(at: MappedPlace, span: Span, report: LowerReport): void {
  const problem = nameProblem(at);
  if (problem !== undefined) report.report({ code: 'splunk/field-name', span, ...problem });
}

/** Why a field can't be named in a query, and which can. */
export function nameProblem({
  place,
  rest,
}: Pick<MappedPlace, 'place' | 'rest'>):
  | { readonly message: string; readonly hint: string }
  | undefined {
  const name = fieldName({ place, rest });
  if (name.startsWith('siemc_'))
    return {
      message: `"${name}" could be a column that the search makes itself: their names begin with "siemc_".`,
      hint: 'Have the field extracted under another name.',
    };
  const isPlain =
    rest.every(({ key }) => /^[A-Za-z0-9_:@/ -]+$/.test(key)) &&
    /^[A-Za-z0-9_@][A-Za-z0-9_.{}:@/ -]*$/.test(name);
  if (isPlain) return undefined;
  return {
    message: `No manual says under which name Splunk extracts "${name}".`,
    hint: 'Keys may hold letters, digits, "_", "-", ":", "@", "/" and blanks.',
  };
}
