import { subscribe } from 'node:diagnostics_channel';
import type { BuiltFiles, PackageSettings, PublishSettings } from '#backend';
import type { ManualClock } from '../../servers/http/clock.ts';
import type { TestServer } from '../../servers/http/server.ts';

/** A rule as a SIEM runs it. */
export interface RunningRule {
  readonly query: string;
  readonly isOn: boolean;
}

/** A SIEM on this machine, with things of other people in it. */
export interface RunningSiem {
  readonly server: TestServer;
  readonly clock: ManualClock;
  readonly settings: PublishSettings;
  readonly package: PackageSettings;
  readonly env: Readonly<Record<string, string>>;
  /** What must be nowhere but in requests. */
  readonly secrets: readonly string[];
  /** Everything that isn't siemc's, to the last byte. */
  foreign(): unknown;
  /** The rules of siemc by their ids, each as often as it is there. */
  rules(built: BuiltFiles): ReadonlyMap<string, readonly RunningRule[]>;
  /** The entries of siemc's lists, or what the SIEM has for them, by name. */
  lists(): ReadonlyMap<string, readonly string[]>;
  /** Somebody changes the query of a rule in the SIEM. */
  edit(ruleId: string): void;
  close(): Promise<void>;
}

/** One of the SIEMs that are published to. */
export interface Siem {
  readonly target: string;
  /** With traps that the seed chooses; without a seed as plain, and pages as long, as documented. */
  start(seed?: number, clock?: ManualClock): Promise<RunningSiem>;
  /** The text of a rule's file as it would be of another rule with this id, called differently by a number. */
  another(
    text: string,
    from: { readonly id: string; readonly title: string },
    id: string,
    number: number,
  ): string;
  /** What a listing of so many rules may ask at most, with nothing else there. */
  pages(rules: number, lists: number): number;
  /** The query of a rule among the built files, as the SIEM shows it. */
  query(built: BuiltFiles, stem: string): string;
}

/** The machine's clock, for what runs as a program of its own. */
export const realClock: ManualClock = {
  now: Date.now,
  advance: () => {},
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

/**
 * A clock that goes on when everybody sleeps and no request of this process is on its way: what happens at one time is over
 * before the next, however slow the machine is.
 */
export function idleClock(): ManualClock {
  let time = Date.parse('2026-01-05T08:00:00Z');
  let sleepers: { readonly until: number; readonly wake: () => void }[] = [];
  let timer: NodeJS.Timeout | undefined;
  const underWay = requestsUnderWay();
  const arm = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => (underWay() === 0 ? goOn() : arm()), 1);
  };
  const goOn = (): void => {
    time = Math.max(time, Math.min(...sleepers.map(({ until }) => until)));
    const awake = sleepers.filter(({ until }) => until <= time);
    sleepers = sleepers.filter(({ until }) => until > time);
    for (const { wake } of awake) wake();
    if (sleepers.length > 0) arm();
  };
  return {
    now: () => time,
    advance(milliseconds) {
      time += milliseconds;
    },
    sleep: (milliseconds) =>
      new Promise((wake) => {
        sleepers.push({ until: time + milliseconds, wake });
        arm();
      }),
  };
}

/** Counts the requests that the HTTP client has begun and not ended, by what it tells Node's diagnostics. */
function requestsUnderWay(): () => number {
  const begun = new Set<unknown>();
  const requestOf = (message: unknown): unknown => (message as { request: unknown }).request;
  subscribe('undici:request:create', (message) => begun.add(requestOf(message)));
  for (const end of ['trailers', 'error'])
    subscribe(`undici:request:${end}`, (message) => begun.delete(requestOf(message)));
  return () => begun.size;
}

/** Blanks don't matter. */
export function squeezed(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
