import type { Finding } from '../diagnostics/diagnostic.ts';
import type { Field, Forgettable } from '../logsource/field.ts';
import type { LogSource } from '../logsource/log-source.ts';
import type { ListKind } from '../match/list.ts';
import type { TimePart } from '../match/time.ts';
import type { Span } from '../text/span.ts';
import type { MappedPlace, PlaceLeaf } from './mapped-plan.ts';
import type { Evidence, Mapping, Place } from './mapping.ts';
import { placeOf } from './place-of.ts';

/** The target for whose places a plan is rewritten. */
export interface MappingTarget {
  readonly id: string;
  readonly title: string;
  readonly capabilities: {
    readonly times?: readonly TimePart[];
    readonly pairs?: boolean;
    readonly elements?: boolean;
    readonly lists?: readonly ListKind[];
  };
  forgets(place: Place): readonly Forgettable[];
}

/** What rewriting a plan needs to know, and where it tells what it finds. */
export interface Context {
  readonly mapping: Mapping;
  readonly target: MappingTarget;
  readonly source: LogSource;
  refuse(finding: Finding): void;
  rely(evidence: Evidence): void;
  /** Takes a test that no rule asks for. */
  guard(test: PlaceLeaf): void;
}

/** The places of a field that all of its values are in; reports when there are none. */
export function placesOf(field: Field, span: Span, context: Context): readonly MappedPlace[] {
  const { target, refuse, rely, mapping } = context;
  const mapped = placeOf(mapping, field);
  if (mapped === undefined || mapped.places.length === 0) {
    const why = mapped?.refused === undefined ? '' : ` ${sentence(mapped.refused)}`;
    const message = `${target.title} has no place for the field "${field.name}".${why}`;
    refuse({ code: `${target.id}/unmapped-field`, message, span });
    return [];
  }
  rely(mapped.evidence);
  if (mapped.places.some(({ place }) => place.keeps === 'first') && field.many && !field.uniform) {
    const message = `${target.title} keeps only the first of the values of "${field.name}": only a test for existence is exact.`;
    refuse({ code: `${target.id}/first-value-only`, message, span });
  }
  return mapped.places;
}

function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
