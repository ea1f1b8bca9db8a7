import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/compile.ts';
import { outsideDomain } from '../../src/library/testing/domain.ts';
import { shippedLogSources } from '../../src/logsource/catalog.ts';
import type { RawRecord } from '../../src/logsource/forms.ts';
import { toCanonical, writeLine } from '../../src/logsource/forms.ts';
import { backends } from '../support/backends.ts';
import { findDivergence, readingsOf, showDivergence } from '../support/meaning.ts';
import { type Random, randomOf } from '../support/random.ts';
import { readPlans } from '../support/read-plan.ts';
import { drawEvents } from './events.ts';
import { rulesFor } from './law-1.ts';
import { printRule } from './rule-model.ts';
import type { World } from './worlds.ts';

const source = shippedLogSources().find(({ name }) => name === 'vmware/vcenter');
const form = source?.forms.find(({ kind }) => kind === 'line');
if (source === undefined || form?.kind !== 'line') throw new Error('vCenter comes in lines');
const vcenter = source;
const syslog = form;

const world: World = {
  product: 'vmware',
  service: 'vcenter',
  time: 'CreatedTime',
  fields: [
    ...['eventClass', 'eventClass', 'UserName', 'UserName', 'FullFormattedMessage', 'line'],
    ...['Vm.Name', 'SourceVm.Name', 'SrcTemplate.Name', 'Severity', 'Datacenter.Name', 'ChainId'],
  ],
  booleans: [],
  others: ['UserName', 'Datacenter.Name', 'FullFormattedMessage', 'Vm.Name', 'ChainId'],
  arrays: [],
};
const told = [
  ['VmRemovedEvent', 'Removed golden on esx01 from DC'],
  ['VmClonedEvent', 'Clone of golden completed'],
  ['VmDeployedEvent', 'Template golden deployed on host esx01'],
  ['VmBeingDeployedEvent', 'Deploying a on b in c from template d\ne'],
] as const;

/** What a record says as the line that it comes as; nothing where no line can say it. */
function inALine(record: RawRecord, random: Random): RawRecord {
  const { line: _line, ...rest } = record;
  const [eventClass, FullFormattedMessage] = random.pick(told);
  const said = { Key: 5, CreatedTime: '2026-01-15T12:00:00.412Z', eventClass: 'VmEvent', ...rest };
  const whole = random.chance(0.4) ? { ...said, eventClass, FullFormattedMessage } : said;
  const header = random.chance(0.5) ? '<14>1 vc01 vpxd 7 - - ' : '';
  return toCanonical(header + writeLine(syslog, whole), vcenter) ?? {};
}

const seed = 20_261_122;
const rules = 60;

describe.for(backends.filter(({ preludeProblem }) => preludeProblem !== undefined))(
  '$id',
  (backend) => {
    test('a query that takes lines apart hits what its rule means', { timeout: 120_000 }, () => {
      let compiled = 0;
      for (const [index, model] of fc
        .sample(rulesFor(backend, world), { seed, numRuns: rules })
        .entries()) {
        const rule = printRule(model);
        const { file, plans } = readPlans(rule);
        const [plan] = plans;
        if (plan?.kind !== 'event') continue;
        const made = compile(plan, file, backend);
        if (made.query === undefined) continue;
        compiled += 1;
        const random = randomOf(seed + index);
        const records = drawEvents(plan, seed + index, 12)
          .map((record) => inALine(record, random))
          .filter((record) => outsideDomain(record, plan) === undefined);
        const readings = readingsOf(backend, made.switches);
        const found = findDivergence(backend, plan, made, records, readings);
        const shown = found && showDivergence(backend, rule, made.query, records, found);
        expect(shown, shown).toBeUndefined();
      }
      expect(compiled).toBeGreaterThan(rules / 4);
    });
  },
);
