import { describe, expect, test } from 'vitest';
import { shippedLogSources } from '../../src/logsource/catalog.ts';
import { lineOf, toCanonical } from '../../src/logsource/forms.ts';
import type { LogSource } from '../../src/logsource/log-source.ts';
import { type LogSourceDocument, readLogSource } from '../../src/logsource/read.ts';

const vcenter = shippedLogSources().find(({ name }) => name === 'vmware/vcenter') as LogSource;
const fields = '[VSPHERE.LOCAL\\ana] [East] [5009]';
const removed = `Event [5012] [1-1] [2026-01-15T12:00:00.398Z] [vim.event.VmRemovedEvent] [info] ${fields} [Removed tmpl-web on esx01 from East]`;

/** A line of vCenter as far as its class, with this message. */
const lineWith = (eventClass: string, message: string): string =>
  removed.replace('VmRemovedEvent', eventClass).replace(/\[Removed .*\]$/, `[${message}]`);

describe('a line', () => {
  const record = {
    Key: '5012',
    CreatedTime: '2026-01-15T12:00:00.398Z',
    eventClass: 'VmRemovedEvent',
    Severity: 'info',
    UserName: 'VSPHERE.LOCAL\\ana',
    Datacenter: { Name: 'East' },
    ChainId: '5009',
    FullFormattedMessage: 'Removed tmpl-web on esx01 from East',
    Vm: { Name: 'tmpl-web' },
  };

  test.for([
    '',
    '<14>1 2026-01-15T12:00:00.412Z vc01 vpxd 4711 - - ',
    'Jan 15 12:00:00 vc01 vpxd: ',
  ])('is read behind the header "%s", and kept', (header) => {
    const line = header + removed;
    expect(toCanonical(line, vcenter)).toEqual({ ...record, line });
    expect(lineOf(toCanonical(line, vcenter), vcenter)).toBe(line);
  });

  test('is written of a record that came as JSON, and read back', () => {
    expect(lineOf(record, vcenter)).toBe(removed);
    expect(toCanonical(lineOf({ Key: 1, eventClass: 'TaskEvent' }, vcenter), vcenter)).toEqual({
      Key: '1',
      eventClass: 'TaskEvent',
      line: 'Event [1] [1-1] [] [vim.event.TaskEvent] [] [] [] [] []',
    });
  });

  test('has no field where a group is empty', () => {
    const empty = removed.replace(fields, '[] [] []');
    const { UserName: _, Datacenter: __, ChainId: ___, ...rest } = record;
    expect(toCanonical(empty, vcenter)).toEqual({ ...rest, line: empty });
  });

  test.for([
    ['a message over several lines', 'Reconfigured a on b in c.\n  Modified:\n  x: true -> false;'],
    ['brackets within the message', 'Alarm [a] on [b]'],
  ] as const)('may have %s', ([, message]) => {
    expect(toCanonical(lineWith('AnyEvent', message), vcenter)).toMatchObject({
      FullFormattedMessage: message,
    });
  });

  test('may be a part of a long event, which lacks the last bracket', () => {
    const part = removed.replace('[1-1]', '[1-3]').slice(0, -6);
    expect(toCanonical(part, vcenter)).toMatchObject({
      FullFormattedMessage: 'Removed tmpl-web on esx01 from',
    });
  });

  test.for([removed.replace('[1-1]', '[1]'), 'vpxd started', '', 'x'.repeat(2_000_000) + removed])(
    'that no form reads is no record (%#)',
    (line) => {
      expect(toCanonical(line, vcenter)).toBeUndefined();
    },
  );

  test('of a log without lines is no record, nor is a list or a number', () => {
    const [cloudtrail] = shippedLogSources();
    expect([removed, [], 5, null].map((raw) => cloudtrail && toCanonical(raw, cloudtrail))).toEqual(
      [undefined, undefined, undefined, undefined],
    );
  });
});

test.for([
  ['VmRemovedEvent', 'Removed a on b on esx01 from East', 'a on b'],
  ['VmCreatedEvent', 'Created virtual machine web 1 on esx01 in East', 'web 1'],
  ['VmBeingCreatedEvent', 'Creating web on host esx01 in East', 'web'],
  ['VmBeingClonedEvent', 'Cloning a on host esx01 in East to b on host esx02', 'a'],
  ['VmBeingClonedEvent', 'Cloning a on esx01, in East to b on esx02, ds in West', 'a'],
  ['VmBeingDeployedEvent', 'Deploying a on host esx01 in East from template t', 'a'],
  ['VmRegisteredEvent', 'Registered a on esx01 in East', 'a'],
  ['VmReconfiguredEvent', 'Reconfigured a on esx01 in East.  \n\nModified: b on c in d', 'a'],
  ['VmClonedEvent', 'Clone of a completed', undefined],
  ['TaskEvent', 'Task: Removed a on b from c', undefined],
  ['AnyEvent', 'Removed a on b from c', undefined],
] as const)('the machine of %s, "%s", is %s', ([eventClass, message, name]) => {
  const found = toCanonical(lineWith(eventClass, message), vcenter);
  expect((found?.['Vm'] as { Name?: string } | undefined)?.Name).toBe(name);
});

test('what a message says yields to what the record has', () => {
  const record = { eventClass: 'VmRemovedEvent', FullFormattedMessage: 'Removed a on b from c' };
  expect(toCanonical({ ...record, Vm: null }, vcenter)).toMatchObject({ Vm: { Name: 'a' } });
  expect(toCanonical({ ...record, Vm: { Name: 'x' } }, vcenter)?.['Vm']).toEqual({ Name: 'x' });
});

describe('JSON of another form', () => {
  const document: LogSourceDocument = {
    name: 'inhouse/audit',
    title: 'Audit',
    match: { product: 'inhouse' },
    time: 'when',
    fields: { when: {}, what: {}, who: {}, account: {}, 'more.id': {} },
    open: ['more'],
    forms: {
      exported: {
        has: ['body', ['a.b', 'c']],
        fields: {
          when: 'body.time',
          who: { first: [['a.b', 'c', 'http://x/y.z'], 'body.user'] },
          account: { from: 'body.path', match: '(?i)^/accounts/([^/]+)' },
          more: 'body.more',
        },
      },
      wrapped: { has: ['record'], within: 'record', fields: { what: 'kind' } },
    },
  };
  const source = readLogSource(document);
  const body = { time: 't', user: 'ben', path: '/ACCOUNTS/7/x', more: { id: 1, list: [2] } };

  test('is lifted: by keys with dots, the first that is there, a group, and whole subtrees', () => {
    expect(toCanonical({ body, 'a.b': { c: { 'http://x/y.z': 'ana' } } }, source)).toEqual({
      when: 't',
      who: 'ana',
      account: '7',
      more: { id: 1, list: [2] },
    });
    expect(toCanonical({ body: { ...body, path: 'x' }, 'a.b': { c: {} } }, source)).toEqual({
      when: 't',
      who: 'ben',
      more: { id: 1, list: [2] },
    });
  });

  test('stands within, with fields from outside', () => {
    expect(toCanonical({ record: { when: 't', what: 'x' }, kind: 'y' }, source)).toEqual({
      when: 't',
      what: 'y',
    });
  });

  test('has all that its form has, else the record is canonical', () => {
    const raw = { body, 'a.b': {} };
    expect(toCanonical(raw, source)).toBe(raw);
  });
});

test('a CloudTrail record that went through Logstash has its time where the log has it', () => {
  const source = shippedLogSources().find(({ name }) => name === 'aws/cloudtrail') as LogSource;
  const record = {
    eventSource: 'ec2.amazonaws.com',
    eventName: 'DeregisterImage',
    '@version': '1',
  };
  const moved = '2026-11-20T10:00:00.000Z';
  expect(toCanonical({ ...record, '@timestamp': moved }, source)).toEqual({
    ...record,
    '@timestamp': moved,
    eventTime: moved,
  });
  const kept = { ...record, '@timestamp': '2026-11-20T10:09:00.000Z', eventTime: moved };
  expect(toCanonical(kept, source)).toEqual(kept);
});
