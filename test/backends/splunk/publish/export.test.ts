import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nasty } from '../../../properties/alphabet.ts';
import { foreign } from '../../../servers/splunk/kit.ts';
import { readConfFile } from '../../../support/read-conf.ts';
import { app, builtOf, desiredOf, installation, publisherOf, read, ruleText, walk } from './kit.ts';

async function exportedOf(name: string, settings: Readonly<Record<string, string>>) {
  const server = await installation({ objects: [foreign(name, { app, settings })] });
  const publisher = await publisherOf(server.url);
  const [seen] = await publisher.observe(read, []);
  return seen === undefined ? [] : [...publisher.exported(seen)];
}

test('a rule is exported as the stanza that was built', async () => {
  const server = await installation();
  const publisher = await publisherOf(server.url);
  const built = builtOf([ruleText({ more: 'description: Look.\n' })]);
  for (const object of desiredOf(publisher, built))
    await walk(publisher, { kind: 'present', object, attempt: 0 }, undefined);
  const files = (await publisher.observe(read, [])).flatMap((one) => [...publisher.exported(one)]);
  expect(files.map(([path]) => path)).toEqual([
    expect.stringMatching(/^image-deregistered-[0-9a-f]{8}\.conf$/),
    expect.stringMatching(/^siemc-index-aws-cloudtrail-[0-9a-f]{8}\.conf$/),
  ]);
  const [search, macro] = files.map(([, text]) => readConfFile(text)[0]);
  const [stanza] = readConfFile(built.read('app/default/savedsearches.conf') ?? '');
  for (const [key, value] of search?.entries ?? []) expect(stanza?.entries.get(key)).toBe(value);
  expect(search?.entries.get('counttype')).toBe('number of events');
  expect([...(macro?.entries ?? [])]).toEqual([['definition', '(index=*)']]);
  expect(server.violations).toEqual([]);
});

test('what others made is exported as they wrote it, with what siemc says nothing of', async () => {
  const search = 'index=a\n| stats count\n   by b';
  const [[, text] = []] = await exportedOf('Theirs', {
    search,
    is_scheduled: '1',
    cron_schedule: '0 * * * *',
    actions: 'email,notable',
    'action.email.to': 'soc@example.org',
    'action.slack.param.channel': 'off',
    alert_condition: 'search count > 5',
  });
  expect(text).toBe(`# Shared: app; owner: nobody; read: *; write: admin, detection_engineer.

[Theirs]
search = index=a \\
| stats count \\
   by b
enableSched = 1
cron_schedule = 0 * * * *
action.notable = 1
action.email = 1
alert_condition = search count > 5
action.email.to = soc@example.org
`);
});

test('what may be a secret of others stays where it is', async () => {
  const [[, text = ''] = []] = await exportedOf('Theirs', {
    search: 'index=a',
    actions: 'webhook,email',
    'action.webhook.param.url': 'https://hooks.example.org/T0/B1',
    'action.email.auth_password': 'hunter2',
  });
  expect(text).not.toMatch(/hooks|hunter2/);
  expect(text).toContain('# Left out, it may be a secret: "action.webhook.param.url"\n');
  expect(readConfFile(text)[0]?.entries.get('action.email')).toBe('1');
});

test('whatever others wrote, a file is within the folder and reads as one stanza', async () => {
  const text = fc
    .array(fc.constantFrom(...nasty, 'a', '../', '\n[x]\n', '\n# y', '\\\n', 'key = v'), {
      minLength: 1,
      maxLength: 8,
    })
    .map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(text, text, async (name, search) => {
      for (const [path, file] of await exportedOf(name, { search: `x${search}` })) {
        expect(path).toMatch(/^[a-z0-9-]+\.conf$/);
        const stanzas = readConfFile(file);
        expect(stanzas).toHaveLength(1);
        for (const key of stanzas[0]?.entries.keys() ?? []) expect(key).toBe('search');
      }
    }),
    { numRuns: 150 },
  );
});
