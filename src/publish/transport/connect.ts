import {
  type ApiCall,
  type ApiReply,
  RemoteProblem,
  type Surroundings,
  type Token,
} from '../../backend/api.ts';
import type { Publisher } from '../../backend/publisher.ts';
import { type Redactor, redacting } from '../redactor.ts';
import type { Clock } from '../time.ts';
import { exchange } from './exchange.ts';
import { openNetwork } from './network.ts';
import { type Failure, messageIn, type Outcome, outcomeOf, type Reading } from './outcome.ts';
import { pacerOf } from './pacer.ts';
import { type HttpRequest, headerValue, requestOf, signed } from './request.ts';
import { untilAnswered, untilSent } from './retry.ts';
import { sessionOf } from './session.ts';
import type { Sent, Transport } from './transport.ts';

/** What a way to a SIEM is made of. */
export interface Connecting {
  readonly publisher: Pick<
    Publisher,
    'origins' | 'authorities' | 'pacing' | 'signIn' | 'messageOf'
  >;
  readonly surroundings: Surroundings;
  readonly clock: Clock;
  readonly redactor: Redactor;
  /** Whether to try nothing once more. */
  readonly stop?: AbortSignal | undefined;
  /** Is told, in a sentence, why there is no answer yet, whenever something has to be tried again. */
  readonly waiting?: ((why: string) => void) | undefined;
}

/** The way to the SIEM of a publisher; signs in when something is asked first. Ends with `close`. */
export function connect({
  publisher,
  surroundings,
  clock,
  redactor,
  stop,
  waiting,
}: Connecting): Transport {
  const wait = waiting && ((why: string): void => waiting(redactor.redact(why)));
  const { pacing, origins } = publisher;
  const network = openNetwork(surroundings, publisher.authorities);
  const session = sessionOf(signIn, clock.now);
  const pacer = pacerOf(pacing.rates, clock);
  const sent = new Map<string, number>();
  const reading: Reading = { now: clock.now, messageOf: (reply) => publisher.messageOf(reply) };
  let closed = false;

  async function signIn(): Promise<Token> {
    const token = await publisher.signIn(surroundings);
    redactor.hide(token.authorization);
    redactor.hide(token.authorization.replace(/^\S+\s+/, ''));
    headerValue('authorization', token.authorization);
    return token;
  }

  /** A token, once it is the turn of a request of this pace. */
  async function turn(pace: string): Promise<Token> {
    for (;;) {
      const token = await session.token();
      await pacer.turn(pace);
      if (closed) throw new RemoteProblem('publish/unreachable', 'The connection was closed.');
      if (session.holds(token)) return token;
    }
  }

  async function once(
    call: ApiCall,
    request: HttpRequest,
    { authorization }: Token,
  ): Promise<Outcome> {
    sent.set(call.method, (sent.get(call.method) ?? 0) + 1);
    const timeout = call.timeout ?? pacing.timeout;
    const exchanged = await exchange(network, signed(request, authorization), timeout);
    const outcome = outcomeOf(exchanged, request, reading);
    if (outcome.kind === 'failed' && outcome.tooOften && outcome.wait !== undefined)
      pacer.hold(call.pace, outcome.wait);
    return outcome;
  }

  /** Tries once, and with another token if the SIEM doesn't take the first one. */
  async function attempt(call: ApiCall, request: HttpRequest): Promise<Outcome> {
    try {
      for (let renewed = false; ; renewed = true) {
        const token = await turn(call.pace);
        const outcome = await once(call, request, token);
        if (outcome.kind === 'failed' || outcome.reply.status !== 401) return outcome;
        session.drop(token);
        if (renewed) return given(notSignedIn(request, messageIn(outcome.reply, reading)));
      }
    } catch (error) {
      if (error instanceof RemoteProblem) return given(error);
      throw error;
    }
  }

  function prepared(call: ApiCall): HttpRequest {
    const request = requestOf(call);
    if ('authorization' in request.headers) throw new Error('The transport signs in by itself.');
    if (origins.some((origin) => new URL(origin).origin === request.origin)) return request;
    throw new RemoteProblem(
      'publish/foreign-host',
      `An address leads to ${request.host}, and the token is for ${origins.join(', ')} only.`,
      'If this host belongs to the SIEM, name it in the configuration; otherwise ask why the SIEM names it.',
    );
  }

  async function ask(call: ApiCall): Promise<ApiReply> {
    const request = prepared(call);
    return untilAnswered({ host: request.host, clock, stop, waiting: wait }, () =>
      attempt(call, request),
    );
  }

  async function read(call: ApiCall): Promise<ApiReply> {
    const request = prepared(call);
    const reply = await ask(call);
    if (reply.status === 404 || (reply.status >= 200 && reply.status < 300)) return reply;
    throw refusal(request, reply.status, messageIn(reply, reading));
  }

  async function send(call: ApiCall, repeatable: boolean): Promise<Sent> {
    const request = prepared(call);
    return untilSent({ host: request.host, clock, stop, waiting: wait, repeatable }, () =>
      attempt(call, request),
    );
  }

  return {
    read: (call) => redacting(redactor, () => read(call)),
    ask: (call) => redacting(redactor, () => ask(call)),
    send: (call, repeatable) =>
      redacting(redactor, async () => {
        const became = await send(call, repeatable);
        return became.kind === 'reply' ? became : { ...became, why: redactor.redact(became.why) };
      }),
    sent,
    close() {
      closed = true;
      return network.destroy();
    },
  };
}

/** What no other try would help: it was certainly not carried out. */
function given(final: RemoteProblem): Failure {
  return { kind: 'failed', carriedOut: 'no', why: final.message, final };
}

function notSignedIn({ host }: HttpRequest, message: string | undefined): RemoteProblem {
  return new RemoteProblem(
    'publish/sign-in',
    `${host} doesn't accept the token${message === undefined ? '' : `: ${message}`}.`,
    'Look whether the token or the secret in the environment has expired, and whether it is for this SIEM.',
  );
}

function refusal(
  { method, host, path }: HttpRequest,
  status: number,
  message: string | undefined,
): RemoteProblem {
  const asked = `${method} ${path.replace(/\?.*/s, '')}`;
  const said = message === undefined ? '' : `: ${message}`;
  if (status !== 403)
    return new RemoteProblem('publish/refused', `${host} refuses ${asked} (${status})${said}.`);
  return new RemoteProblem(
    'publish/forbidden',
    `${host} doesn't allow ${asked}${said}.`,
    'Give whoever signs in the role that the documentation names.',
  );
}
