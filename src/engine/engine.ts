import type { Backend, RunOptions, RunResult, TargetEvent } from '../backend/backend.ts';

/** Where compiled queries run: our interpreters, or a SIEM. */
export interface Engine {
  readonly id: string;
  /** Reads a query of a target once, to run it on many batches of events in the target's layout. */
  prepare(
    backend: Backend,
    query: string,
  ): (events: readonly TargetEvent[], options?: RunOptions) => RunResult;
}

/** The backend's own interpreter, on this machine. */
export const local: Engine = {
  id: 'local',
  prepare: (backend, query) => backend.prepare(query),
};
