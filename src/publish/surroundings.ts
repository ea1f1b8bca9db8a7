import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Dispatcher } from 'undici';
import { RemoteProblem, type Surroundings } from '../backend/api.ts';
import { readText } from '../library/read-file.ts';
import { type Redactor, redacting } from './redactor.ts';
import type { Clock } from './time.ts';
import { exchange } from './transport/exchange.ts';
import { openNetwork } from './transport/network.ts';
import { outcomeOf } from './transport/outcome.ts';
import { requestOf } from './transport/request.ts';
import { untilAnswered } from './transport/retry.ts';

/** What the machine is to a run. */
export interface Machine {
  /** The root of the project, absolute. */
  readonly root: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly redactor: Redactor;
  /** `Publisher.authorities`: where one signs in may have such a certificate, too. */
  readonly authorities: string | undefined;
  /** Whether to try nothing once more. */
  readonly stop?: AbortSignal | undefined;
}

/** Surroundings that hold connections. */
export interface OpenSurroundings extends Surroundings {
  close(): Promise<void>;
}

/** For how many milliseconds to wait for whoever gives tokens. */
const usualTimeout = 60_000;
/** Keys, certificates, settings of clouds: none is larger, in bytes. */
const largestFile = 16 * 1024 * 1024;

/** The machine, as far as signing in may use it. */
export function createSurroundings(machine: Machine): OpenSurroundings {
  const { root, environment, clock, redactor, authorities, stop } = machine;
  let network: Dispatcher | undefined;
  const surroundings: Surroundings = {
    env: (name) => (Object.hasOwn(environment, name) ? environment[name] : undefined) || undefined,
    readFile(path) {
      const read = readText(resolve(root, path), largestFile);
      if ('text' in read) return read.text;
      throw new RemoteProblem('publish/file', `The file "${path}": ${read.problem}.`);
    },
    load: (name) => loadFrom(root, name),
    ask: (call) =>
      redacting(redactor, async () => {
        const request = requestOf(call);
        const { authorization } = request.headers;
        if (authorization !== undefined) redactor.hide(authorization.replace(/^\S+\s+/, ''));
        network ??= openNetwork(surroundings, authorities);
        const open = network;
        const reading = { now: clock.now, messageOf: () => undefined };
        return untilAnswered({ host: request.host, clock, stop }, async () =>
          outcomeOf(await exchange(open, request, call.timeout ?? usualTimeout), request, reading),
        );
      }),
    now: clock.now,
    hide: redactor.hide,
  };
  return {
    ...surroundings,
    close: async () => network?.destroy(),
  };
}

/** A package that is installed for the project, or above it. */
async function loadFrom(root: string, name: string): Promise<unknown> {
  try {
    const path = createRequire(join(root, 'siemc.config.yml')).resolve(name);
    return await import(pathToFileURL(path).href);
  } catch (error) {
    if (isAbsent(error, name)) return undefined;
    const why = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
    throw new RemoteProblem(
      'publish/package',
      `The package "${name}" can't be loaded: ${why}`,
      'Install it anew, in a version that the documentation names.',
    );
  }
}

/** Whether it is the package itself that isn't there, and not something that it needs. */
function isAbsent(error: unknown, name: string): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return (
    code === 'MODULE_NOT_FOUND' && error instanceof Error && error.message.includes(`'${name}'`)
  );
}
