import { onTestFinished } from 'vitest';
import { type Answered, type Asked, ask } from '../http/client.ts';
import { type Knowledge, publisher } from './model.ts';
import { type SplunkOptions, type SplunkServer, startSplunk } from './splunk.ts';

/** An installation for the test that runs. */
export async function started(options: SplunkOptions = {}): Promise<SplunkServer> {
  const server = await startSplunk(options);
  onTestFinished(() => server.close());
  return server;
}

/** Asks with the publisher's token for JSON, unless something else is said. */
export function at(
  server: SplunkServer,
  path: string,
  asked: Asked & { readonly token?: string; readonly mode?: string } = {},
): Promise<Answered> {
  const { token = publisher.token, mode = 'json', ...rest } = asked;
  const sign = path.includes('?') ? '&' : '?';
  return ask(`${server.url}${path}${mode === '' ? '' : `${sign}output_mode=${mode}`}`, {
    ...rest,
    headers: { authorization: `Bearer ${token}`, ...rest.headers },
  });
}

/** The searches that an app shares. */
export const searches: string = '/servicesNS/nobody/siemc/saved/searches';
/** Its macros. */
export const macros: string = '/servicesNS/nobody/siemc/configs/conf-macros';
/** Settings of an alert that runs on a schedule. */
export const scheduled: Readonly<Record<string, string>> = {
  is_scheduled: '1',
  cron_schedule: '*/10 * * * *',
  alert_type: 'number of events',
  alert_comparator: 'greater than',
  alert_threshold: '0',
};

/** What is kept, without what every object has. */
export function kept(server: SplunkServer): readonly Partial<Knowledge>[] {
  return server.state().map(({ name, app, owner, sharing, settings }) => ({
    name,
    app,
    owner,
    sharing,
    settings,
  }));
}

/** A search that somebody else made. */
export function foreign(name: string, more: Partial<Knowledge> = {}): Knowledge {
  return {
    kind: 'savedsearches',
    name,
    app: 'siemc',
    owner: 'nobody',
    sharing: 'app',
    read: ['*'],
    write: ['admin', 'detection_engineer'],
    settings: { search: 'index=foreign' },
    updated: 0,
    removable: true,
    ...more,
  };
}
