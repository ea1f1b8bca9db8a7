import { readFileSync } from 'node:fs';
import { publisher } from '../../servers/splunk/model.ts';
import { startSplunk } from '../../servers/splunk/splunk.ts';
import { type RunningSiem, type Siem, squeezed } from './siem.ts';

const app = 'siemc';
const mark = 'action.siemc.rule_id';
const token = 'eyJhbGciOiJIUzUxMiJ9.c3BsdW5rLXNlY3JldA.c2lnbmF0dXJlLW9mLXNwbHVuaw';

export const splunk: Siem = {
  target: 'splunk',
  query: (built, stem) => squeezed(built.read(`${stem}.spl`) ?? ''),
  another: (text, { id, title }, other, number) =>
    text
      .replaceAll(id, other)
      .replace(`[${title}]`, `[${title} ${number}]`)
      .replace(`siemc.title = ${title}`, `siemc.title = ${title} ${number}`),
  // Saved searches by 200, macros, lookups.
  pages: (rules) => Math.ceil((rules + 3) / 200) + 3,
  async start(seed = 0, clock?): Promise<RunningSiem> {
    const transforms = readFileSync('dist-rules/splunk/app/default/transforms.conf', 'utf8');
    const lookups = [...transforms.matchAll(/^\[(.+)\]$/gm)].map(([, name = '']) => name);
    const server = await startSplunk({
      ...(clock !== undefined && { clock }),
      // The app brings its lookups along.
      objects: lookups.map((name) => ({
        kind: 'transforms',
        name,
        app,
        owner: 'nobody',
        sharing: 'app',
        read: ['*'],
        write: ['admin'],
        settings: { filename: `${name}.csv` },
        updated: 0,
        removable: false,
      })),
      users: [{ ...publisher, token, roles: ['sc_admin'] }],
      // As the app that is built says.
      apps: { [app]: ['admin', 'sc_admin'], search: ['admin', 'sc_admin'] },
      style: seed % 2 === 0 ? 'text' : 'typed',
    });
    const settings = { search: 'index=main error', 'alert.severity': '5' };
    server.edit({ name: 'Somebody’s search', app, settings });
    server.edit({ name: 'Another', app, settings: { ...settings, 'action.siemc': '0' } });
    server.edit({ name: 'AWS Machine Image Copied', app: 'search', settings });
    const isOurs = (object: ReturnType<typeof server.state>[0]): boolean =>
      object.app === app &&
      (object.kind === 'macros' ? object.name.startsWith('siemc_') : mark in object.settings);
    return {
      server,
      close: () => server.close(),
      clock: server.clock,
      settings: { url: server.url },
      package: { app },
      env: { SPLUNK_TOKEN: token },
      secrets: [token],
      foreign: () => server.state().filter((object) => !isOurs(object)),
      rules() {
        const rules = new Map<string, { query: string; isOn: boolean }[]>();
        for (const object of server.state()) {
          const id = object.settings[mark];
          if (id === undefined || object.app !== app) continue;
          const { search = '', disabled = '0' } = object.settings;
          const rule = { query: squeezed(search), isOn: !['1', 'true'].includes(disabled) };
          rules.set(id, [...(rules.get(id) ?? []), rule]);
        }
        return rules;
      },
      lists: () =>
        new Map(
          server
            .state()
            .filter((object) => object.kind === 'macros' && isOurs(object))
            .map(({ name, settings: { definition = '' } }) => [name, [definition]]),
        ),
      edit(ruleId) {
        const object = server.state().find(({ settings: own }) => own[mark] === ruleId);
        if (object === undefined) throw new Error(`there is no rule ${ruleId}`);
        const { search = '' } = object.settings;
        server.edit({ ...object, settings: { ...object.settings, search: `${search} edited` } });
      },
    };
  },
};
