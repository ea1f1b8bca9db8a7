import type { Dispatcher } from 'undici';
import type { HttpRequest } from './request.ts';

/** What became of one request on the wire. */
export type Exchanged =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Buffer;
    }
  | {
      readonly kind: 'broken';
      /** Whether any of it may have got to the other side. */
      readonly written: boolean;
      readonly error: Error;
    };

/** That no whole reply came in time. */
class TimedOut extends Error {
  override readonly name = 'TimedOut';
}

/** Sends a request once, never twice; `timeout` is for all of it, from looking up the host to the last byte. */
export function exchange(
  dispatcher: Dispatcher,
  { method, origin, path, headers, body }: HttpRequest,
  timeout: number,
): Promise<Exchanged> {
  return new Promise((resolve) => {
    let written = false;
    let over = false;
    let wire: Dispatcher.DispatchController | undefined;
    let status = 0;
    let received: Readonly<Record<string, string>> = {};
    const chunks: Buffer[] = [];
    const end = (exchanged: Exchanged): void => {
      clearTimeout(timer);
      over = true;
      resolve(exchanged);
    };
    const timer = setTimeout(() => {
      const error = new TimedOut(`no whole reply came within ${timeout / 1000} seconds`);
      end({ kind: 'broken', written, error });
      wire?.abort(error);
    }, timeout);
    const handler: Dispatcher.DispatchHandler = {
      /** Comes just before the first byte is written: whatever fails earlier was certainly not carried out. */
      onRequestStart(controller) {
        if (over || written) return controller.abort(new Error('it was given up, or sent before'));
        written = true;
        wire = controller;
      },
      onResponseStart(_, code, given) {
        status = code;
        received = Object.fromEntries(
          Object.entries(given).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
        );
      },
      onResponseData(_, chunk) {
        chunks.push(chunk);
      },
      onResponseEnd() {
        end({ kind: 'answered', status, headers: received, body: Buffer.concat(chunks) });
      },
      onResponseError(_, error) {
        end({ kind: 'broken', written, error });
      },
    };
    dispatcher.dispatch(
      {
        origin,
        path,
        method,
        headers,
        body: body ?? null,
        headersTimeout: timeout,
        bodyTimeout: timeout,
      },
      handler,
    );
  });
}
