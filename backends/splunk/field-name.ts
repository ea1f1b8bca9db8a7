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
 * or quoted.
 */
export function canName({ place, rest }: Pick<MappedPlace, 'place' | 'rest'>): boolean {
  return (
    rest.every(({ key }) => /^[A-Za-z0-9_:@/ -]+$/.test(key)) &&
    /^[A-Za-z0-9_@][A-Za-z0-9_.{}:@/ -]*$/.test(fieldName({ place, rest }))
  );
}

/** Reports a field that can't be named. */
export function reportName(at: MappedPlace, span: Span, report: LowerReport): void {
  report.report({
    code: 'splunk/field-name',
    message: `No manual says under which name Splunk extracts "${fieldName(at)}".`,
    span,
    hint: 'Keys may hold letters, digits, "_", "-", ":", "@", "/" and blanks.',
  });
}
