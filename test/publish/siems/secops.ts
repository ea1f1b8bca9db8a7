import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { always } from '../../servers/secops/kit.ts';
import { editor, instance } from '../../servers/secops/model.ts';
import { startSecops } from '../../servers/secops/secops.ts';
import { type RunningSiem, realClock, type Siem, squeezed } from './siem.ts';

const foreignText = `rule somebodys_rule {
  meta:
    rule_id = "00000000-0000-4000-8000-000000000000"
  events:
    $e.metadata.event_type = "USER_LOGIN"
  condition:
    $e
}
`;

export const secops: Siem = {
  target: 'chronicle',
  query: (built, stem) => squeezed(built.read(`${stem}.yaral`) ?? ''),
  another: (text, { id }, other, number) =>
    text.replaceAll(id, other).replace(/^rule (\w+)/m, `rule $1_${number}`),
  // Rules, deployments and reference lists by 1,000.
  pages: (rules, lists) => 2 * Math.ceil((rules + 1) / 1000) + Math.ceil((lists + 1) / 1000),
  async start(seed, clock): Promise<RunningSiem> {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const account = {
      ...editor,
      publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    };
    const server = await startSecops({
      ...(clock !== undefined && { clock }),
      // A program that runs in real time would take minutes at Google's pace.
      ...(clock === realClock && { rate: always }),
      accounts: [account],
      ...(seed !== undefined && {
        seed: seed + 1,
        enabledAtOnce: seed % 2 === 0,
        longestPage: 9,
      }),
    });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const folder = mkdtempSync(join(tmpdir(), 'siemc-key-'));
    const file = join(folder, 'key.json');
    writeFileSync(
      file,
      JSON.stringify({
        type: 'service_account',
        client_email: account.email,
        private_key_id: 'k1',
        private_key: pem,
        token_uri: `${server.url}/token`,
      }),
    );
    const foreignId = server.console.make(foreignText);
    server.console.list({
      id: 'somebodys_list',
      description: 'x',
      syntaxType: 'REFERENCE_LIST_SYNTAX_TYPE_PLAIN_TEXT_STRING',
      entries: ['a'],
    });
    const [, project = '', location = '', id = ''] =
      /projects\/([^/]+)\/locations\/([^/]+)\/instances\/([^/]+)/.exec(instance) ?? [];
    const textOf = (rule: { revisions: readonly { text: string }[] }): string =>
      rule.revisions.at(-1)?.text ?? '';
    return {
      server,
      close() {
        rmSync(folder, { recursive: true, force: true });
        return server.close();
      },
      clock: server.clock,
      settings: { project, location, instance: id, host: server.url, credentialsFile: file },
      package: {},
      env: {},
      secrets: [pem.split('\n')[3] ?? pem, 'tok_'],
      foreign() {
        const { rules, referenceLists } = server.state();
        return {
          rules: rules.filter((rule) => rule.id === foreignId),
          lists: referenceLists.filter((list) => list.id === 'somebodys_list'),
        };
      },
      rules() {
        const rules = new Map<string, { query: string; isOn: boolean }[]>();
        for (const rule of server.state().rules) {
          const [, ruleId] = /rule_id = "([^"]+)"/.exec(textOf(rule)) ?? [];
          if (ruleId === undefined || rule.id === foreignId) continue;
          const running = { query: squeezed(textOf(rule)), isOn: rule.deployment.enabled };
          rules.set(ruleId, [...(rules.get(ruleId) ?? []), running]);
        }
        return rules;
      },
      lists: () =>
        new Map(
          server
            .state()
            .referenceLists.filter((list) => list.id !== 'somebodys_list')
            .map((list) => [list.id, [...list.entries].sort()]),
        ),
      edit(ruleId) {
        const rule = server
          .state()
          .rules.find((one) => textOf(one).includes(`rule_id = "${ruleId}"`));
        if (rule === undefined) throw new Error(`there is no rule ${ruleId}`);
        const text = textOf(rule).replace('author = "', 'author = "edited ');
        const [first, ...others] = rule.revisions;
        const revision = { id: 'v_9', text, time: server.clock.now() };
        server.console.edit(rule.id, () => ({ revisions: [first, ...others, revision] }));
      },
    };
  },
};
