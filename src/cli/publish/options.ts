import type { PlanOptions } from '../../publish/model.ts';
import type { CommonOptions } from '../context.ts';
import type { ReportOptions } from '../reports.ts';

/** What all commands take that publish. */
export interface PlaceOptions extends CommonOptions {
  readonly destination?: readonly string[];
}

/** What those take that report on it. */
export interface TellOptions extends PlaceOptions, ReportOptions {
  readonly output?: string;
}

/** What those take that plan. */
export interface PlanningOptions extends TellOptions {
  readonly rule?: readonly string[];
  readonly overwriteDrift?: boolean;
  readonly delete?: boolean;
}

/** The same for whoever plans; `rules` are ids. */
export function planOptions(
  options: PlanningOptions,
  rules: readonly string[] | undefined,
): PlanOptions {
  return {
    rules,
    overwriteDrift: options.overwriteDrift === true,
    removed: options.delete === true ? 'delete' : 'disable',
  };
}
