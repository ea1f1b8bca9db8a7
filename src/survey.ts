import type { Backend, LowerReport } from './backend/backend.ts';
import { type Diagnostic, type FindingReport, reportIn } from './diagnostics/diagnostic.ts';
import { applyBaseline, applyHealth } from './fields/apply-survey.ts';
import type { MappedSurvey } from './fields/mapped-survey.ts';
import type { Evidence, Mapping } from './fields/mapping.ts';
import { mappingsOf } from './fields/mappings.ts';
import type { LogSource } from './logsource/log-source.ts';
import type { Baseline } from './plan/baselines.ts';
import type { SourceFile } from './text/source-file.ts';

/** A survey on a target, or why there is none. */
export interface Surveyed {
  readonly query: string | undefined;
  readonly evidence: Evidence | undefined;
  readonly assumptions: readonly string[];
  readonly approximations: readonly { readonly code: string; readonly what: string }[];
  readonly diagnostics: readonly Diagnostic[];
}

/** How far a survey looks back, in milliseconds, if nobody says so: a day for health, a month for baselines. */
const usualWindow: { readonly health: number; readonly baseline: number } = {
  health: 86_400_000,
  baseline: 30 * 86_400_000,
};

/** How a baseline is made: how far it looks back, and how many events make a value usual. */
export interface BaselineOptions {
  readonly window?: number;
  readonly atLeast?: number;
}

/**
 * Whether a log arrives with what its rules are about; nothing where the source doesn't say what that is, or
 * the target doesn't keep it or knows no surveys.
 */
export function surveyHealth(
  source: LogSource,
  backend: Backend,
  window: number = usualWindow.health,
): Surveyed | undefined {
  const mapping = mappingOf(source, backend);
  if (mapping === undefined || source.health.size === 0) return undefined;
  const problemOf = (survey: MappedSurvey): string | undefined => {
    const messages: string[] = [];
    const query = say(survey, backend, ({ message }) => messages.push(message)).query;
    return query === undefined ? (messages[0] ?? '') : undefined;
  };
  const mapped = applyHealth({ source, mapping, window, problemOf }, backend);
  return { ...say(mapped, backend, () => {}), diagnostics: [] };
}

/** What a list should hold; what the target can't tell is among the diagnostics. */
export function surveyBaseline(
  baseline: Baseline,
  file: SourceFile,
  backend: Backend,
  { window = usualWindow.baseline, atLeast = 1 }: BaselineOptions = {},
): Surveyed | undefined {
  const mapping = mappingOf(baseline.plan.source, backend);
  if (mapping === undefined) return undefined;
  const diagnostics: Diagnostic[] = [];
  const report = reportIn(file, (diagnostic) => diagnostics.push(diagnostic));
  const mapped = applyBaseline(baseline, { mapping, window, atLeast }, backend, report);
  if (mapped === undefined) return { ...nothing, diagnostics };
  return { ...say(mapped, backend, report), diagnostics };
}

function mappingOf({ name }: LogSource, backend: Backend): Mapping | undefined {
  if (backend.survey === undefined) return undefined;
  return mappingsOf(backend).find(({ source }) => source === name);
}

const nothing: Surveyed = {
  query: undefined,
  evidence: undefined,
  assumptions: [],
  approximations: [],
  diagnostics: [],
};

/** The target's words for it. */
function say(
  survey: MappedSurvey,
  backend: Backend,
  report: FindingReport,
): Omit<Surveyed, 'diagnostics'> {
  const assumptions = new Set<string>();
  const approximations = new Map<string, string>();
  const told: LowerReport = {
    report,
    assume: (assumption) => void assumptions.add(assumption),
    approximate: (code, what) => void approximations.set(code, what),
  };
  const query = backend.survey?.(survey, told);
  if (query === undefined) return nothing;
  return {
    query,
    evidence: survey.plan.evidence,
    assumptions: [...assumptions].sort(),
    approximations: [...approximations].map(([code, what]) => ({ code, what })),
  };
}
