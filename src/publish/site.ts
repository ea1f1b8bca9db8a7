import type { BuiltFiles, Desired, Publisher } from '../backend/publisher.ts';
import type { Clock } from './time.ts';
import type { Transport } from './transport/transport.ts';

/** A destination that is published to. */
export interface Site {
  readonly destination: string;
  readonly target: string;
  /** The title of the target. */
  readonly title: string;
  readonly publisher: Publisher;
  /** What should be there. */
  readonly desired: readonly Desired[];
  /** The ids of all rules that are or were built for it. */
  readonly known: readonly string[];
  /** The same rules by what people call them, as far as that is known. */
  readonly named?: readonly {
    readonly id: string;
    readonly title: string;
    readonly stem: string;
  }[];
  /** What was built for it at earlier commits, the newest first; read as far as it is asked for. */
  history(): Iterable<BuiltFiles>;
  /** The folder of its state, journal and lock. */
  readonly folder: string;
}

/** What publishing works with. */
export interface World {
  readonly clock: Clock;
  readonly transport: Transport;
  /** Whether to stop: what is under way is finished, nothing more is begun. */
  readonly stop?: AbortSignal;
  /** Tells that one of so many objects is done. */
  progress?(done: number, all: number): void;
}
