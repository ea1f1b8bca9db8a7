/**
 * The contract of a target: all that a backend may import. A backend of your own imports the same from
 * `siemc/backend`.
 */

export type { Finding, FindingReport } from '../diagnostics/diagnostic.ts';
export { didYouMean } from '../diagnostics/suggest.ts';
export type {
  MappedCorrelation,
  MappedMember,
  MappedOutput,
  MappedPlace,
  MappedPlan,
  PlaceElement,
  PlaceLeaf,
  PlacePair,
  PlaceTest,
} from '../fields/mapped-plan.ts';
export {
  entryColumn,
  type MappedBaseline,
  type MappedHealth,
  type MappedSurvey,
  surveyColumns,
  valuesColumn,
} from '../fields/mapped-survey.ts';
export type { Absence, Evidence, Mapping, MappingEntry, Place } from '../fields/mapping.ts';
export { writtenAt } from '../fields/mapping.ts';
export { placeOf } from '../fields/place-of.ts';
export { eventTime } from '../logsource/event-time.ts';
export type { Field, FieldType, Forgettable, Step } from '../logsource/field.ts';
export { lineOf } from '../logsource/forms.ts';
export type { LogSource } from '../logsource/log-source.ts';
export { elementsOf, fieldValues, leavesOf, rawText } from '../logsource/record.ts';
export { stepsOf } from '../logsource/resolve.ts';
export { accepts } from '../match/accepts.ts';
export {
  type Address,
  inNetwork,
  type Network,
  parseAddress,
  parseNetwork,
} from '../match/address.ts';
export { foldCase, isAscii, otherCase } from '../match/case-fold.ts';
export { compilePattern } from '../match/compile-pattern.ts';
export { compileRelation, type Relation } from '../match/compile-relation.ts';
export { inList, type ListKind, type NamedList } from '../match/list.ts';
export { numberOf, plainNumber } from '../match/number.ts';
export {
  anyCharacter,
  anyRun,
  canonicalPattern,
  isAnyCharacter,
  isAnyRun,
  type Pattern,
  type PatternPart,
  type PatternShape,
  patternToRegex,
  shapeOf,
} from '../match/pattern.ts';
export type { RegexNode } from '../match/regex/ast.ts';
export { compileRegex } from '../match/regex/compile.ts';
export { parseRegex, type RegexDialect, type RegexFlags } from '../match/regex/parse.ts';
export { printRegex, type RegexStyle } from '../match/regex/print.ts';
export type {
  Compare,
  Exists,
  InList,
  InNetwork,
  Match,
  Range,
  Regex,
  Test,
  TimeIs,
} from '../match/test.ts';
export { parseTime, partOf, type TimePart, timePartNames, timeParts } from '../match/time.ts';
export { leastCount, meets } from '../plan/bounds.ts';
export type { CatalogList } from '../plan/catalog.ts';
export type {
  Approximation,
  Bound,
  CorrelationCondition,
  CorrelationPlan,
  CorrelationType,
  EventMember,
  GroupKey,
  NestedMember,
  Presence,
  ValueField,
} from '../plan/correlation.ts';
export type { Expression, Output, RuleFacts, Schedule, Suppression } from '../plan/event-plan.ts';
export { type Algebra, type AnyLeaf, foldPredicate } from '../plan/fold.ts';
export type { All, Any, Keyword, Not, Predicate } from '../plan/predicate.ts';
export { spansOf } from '../plan/spans-of.ts';
export { correlationTypes } from '../rule/rule.ts';
export { byCodePoint } from '../text/by-code-point.ts';
export { isMap } from '../text/is-map.ts';
export type { Span } from '../text/span.ts';
export { nameUuid } from '../text/uuid.ts';
export * from './api.ts';
export * from './backend.ts';
export { QueryRunError, QuerySyntaxError } from './backend.ts';
export { parseQuery } from './grammar.ts';
export type * from './package.ts';
export type * from './publisher.ts';
export { isRetired } from './retired.ts';
