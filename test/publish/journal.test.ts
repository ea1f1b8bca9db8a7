import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { nothing } from '../../src/publish/fingerprint.ts';
import {
  journalPath,
  openJournal,
  readJournal,
  withJournal,
} from '../../src/publish/state/journal.ts';
import { readState, type State, statePath, writeState } from '../../src/publish/state/state.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'siemc-state-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

const endpoint = 'https://siem.example.org';
const empty: State = { endpoint, objects: new Map() };

test('what was begun may be there or not; what was finished is as it was finished', () => {
  const at = folder();
  const journal = openJournal(at, '2026-01-05T08:00:00.000Z', endpoint);
  const first = journal.begin({
    key: 'rule:a',
    name: 'A',
    what: 'create',
    from: nothing,
    to: 'a1',
  });
  journal.done(first, 'a1');
  journal.finish('rule:a', { ours: ['a1'], built: 'b1', id: '7' });
  journal.begin({ key: 'rule:b', name: 'B', what: 'update', from: 'x', to: 'y' });
  journal.close();
  const cutOff = readJournal(at);
  expect(cutOff?.writes.map(({ key, isDone }) => [key, isDone])).toEqual([
    ['rule:a', true],
    ['rule:b', false],
  ]);
  const { objects } = withJournal(empty, cutOff ?? expect.fail('no journal'));
  expect(objects.get('rule:a')).toEqual({ ours: ['a1'], built: 'b1', id: '7' });
  expect(objects.get('rule:b')).toMatchObject({ ours: ['x', 'y'], isBegun: false });
});

test('of what was about to be created nobody knows how the SIEM made it', () => {
  const at = folder();
  const journal = openJournal(at, '2026-01-05T08:00:00.000Z', endpoint);
  const write = { key: 'rule:a', name: 'A', what: 'create', from: nothing, to: 'a1' };
  const first = journal.begin(write);
  const begun = readJournal(at) ?? expect.fail('no journal');
  expect(withJournal(empty, begun).objects.get('rule:a')).toMatchObject({ isBegun: true });
  journal.done(first, 'a2');
  journal.close();
  const done = readJournal(at) ?? expect.fail('no journal');
  expect(withJournal(empty, done).objects.get('rule:a')).toMatchObject({
    isBegun: false,
    ours: [nothing, 'a1', 'a2'],
  });
});

test('a second apply that is cut off adds to what the first has finished', () => {
  const at = folder();
  const first = openJournal(at, '2026-01-05T08:00:00.000Z', endpoint);
  first.finish('rule:a', { ours: ['a1'], built: 'b1' });
  first.close();
  const second = openJournal(at, '2026-01-05T09:00:00.000Z', endpoint);
  second.begin({ key: 'rule:a', name: 'A', what: 'update', from: 'a1', to: 'a2' });
  second.close();
  const cutOff = readJournal(at) ?? expect.fail('no journal');
  expect(cutOff.began).toBe('2026-01-05T09:00:00.000Z');
  expect(withJournal(empty, cutOff).objects.get('rule:a')?.ours).toEqual(['a1', 'a2']);
});

test('a journal that is cut anywhere is read as far as it goes', () => {
  const at = folder();
  const journal = openJournal(at, '2026-01-05T08:00:00.000Z', endpoint);
  for (const key of ['rule:a', 'rule:b']) {
    const number = journal.begin({ key, name: key, what: 'create', from: nothing, to: `${key}1` });
    journal.done(number, `${key}1`);
  }
  journal.close();
  const whole = readFileSync(journalPath(at), 'utf8');
  for (let length = whole.length; length > 0; length -= 1) {
    truncateSync(journalPath(at), length);
    const { writes = [] } = readJournal(at) ?? {};
    const lines = whole
      .slice(0, length)
      .split('\n')
      .filter((line) => line.endsWith('}'));
    expect(writes.length).toBe(lines.filter((line) => line.startsWith('{"write"')).length);
  }
  truncateSync(journalPath(at), 0);
  expect(readJournal(at)).toBeUndefined();
});

test('what was applied elsewhere says nothing', () => {
  const at = folder();
  const journal = openJournal(at, '2026-01-05T08:00:00.000Z', 'https://elsewhere.example.org');
  journal.finish('rule:a', { ours: ['a1'], built: 'b1' });
  journal.close();
  expect(withJournal(empty, readJournal(at) ?? expect.fail('no journal'))).toEqual(empty);
});

test('a state is read as it was written, and one that is none is none', () => {
  const at = folder();
  const state: State = {
    endpoint,
    objects: new Map([
      ['rule:a', { ours: ['a1', nothing], built: 'b1', id: '7', attempt: 2 }],
      ['list:b', { ours: ['l'], built: '' }],
    ]),
  };
  writeState(at, state);
  expect(new Map([...(readState(at)?.objects ?? [])].sort())).toEqual(
    new Map([...state.objects].sort()),
  );
  const text = readFileSync(statePath(at), 'utf8');
  for (const other of ['', '[]', '{"state":2}', text.slice(0, -3), 'null']) {
    writeFileSync(statePath(at), other);
    expect(readState(at)).toBeUndefined();
  }
  appendFileSync(statePath(at), 'x');
  expect(readState(at)).toBeUndefined();
});
