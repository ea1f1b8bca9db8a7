import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Backend } from '../../../src/backend/backend.ts';
import { mappingsOf } from '../../../src/fields/mappings.ts';
import type { MappingDocument } from '../../../src/fields/read.ts';
import { discover } from '../../../src/library/discover.ts';
import { backendProblems } from '../../../src/library/own/backend-problems.ts';
import { choicesOf, chosen } from '../../../src/library/own/choices.ts';
import { entryProblems } from '../../../src/library/own/mapping-problems.ts';
import type { Content } from '../../../src/library/own/overlay.ts';
import { projectFiles } from '../../../src/library/own/project-files.ts';
import { readProject } from '../../../src/library/project/config.ts';
import { runUnitTests } from '../../../src/library/testing/run-tests.ts';
import { sampleStore } from '../../../src/library/testing/samples.ts';
import { readTests } from '../../../src/library/testing/tests-of.ts';
import { loadUnits } from '../../../src/library/units.ts';
import { shippedLogSources } from '../../../src/logsource/catalog.ts';
import { sourcesOf } from '../../../src/plan/sources-of.ts';
import { folderOf, siemc } from '../../cli/siemc.ts';
import { backends } from '../../support/backends.ts';
import { filesOf } from './example.ts';
import { load } from './load.ts';

const ids = backends.map(({ id }) => id);

/** How the tests of a project's rules over a log went on one backend; records in the backend's own layout have none. */
async function outcomes(
  cwd: string,
  backend: Backend,
  source: string,
): Promise<Readonly<Record<string, number>>> {
  const failures: string[] = [];
  const report: Parameters<typeof readProject>[2] = ({ severity, message }) => {
    if (severity === 'error') failures.push(message);
  };
  const project = readProject(cwd, undefined, report);
  if (project === undefined) throw new Error(failures.join('\n'));
  const catalog = await projectFiles(project, ids, cwd, report).catalog();
  const { rules } = discover(cwd, [project.detections], report);
  const detections = { folder: project.detections, cwd };
  const all = loadUnits(rules, ids, report, detections, catalog, project.lints);
  const units = all.filter(
    ({ plan }) => plan !== undefined && sourcesOf(plan).some(({ name }) => name === source),
  );
  const tests = readTests(rules, units, ids, cwd, report);
  const samples = sampleStore(project.samples, project.root);
  const counts: Record<string, number> = {};
  for (const unit of units) {
    const own = tests.of(unit);
    if (own === undefined || !unit.targets.includes(backend.id)) continue;
    const cases = own.cases.map((one) => ({ ...one, native: {}, nativeSpans: {} }));
    for (const { status, target } of runUnitTests(unit, [backend], samples, report, {
      ...own,
      cases,
    }))
      if (target === backend.id) counts[status] = (counts[status] ?? 0) + 1;
  }
  expect(failures).toEqual([]);
  return counts;
}

/** The backend where the choices of its mapping of a log are made. */
function choosing(backend: Backend, source: string, names: readonly string[]): Backend {
  const fields = backend.fields.map(({ path, document }) => {
    const content = document as Content;
    return { path, document: content['source'] === source ? chosen(content, names) : document };
  });
  return { ...backend, fields };
}

describe('shipped choices', () => {
  const choices = backends.flatMap((backend) =>
    backend.fields.flatMap(({ document }) => {
      const content = document as Content;
      const source = String(content['source']);
      return [...choicesOf(content).keys()].map((name) => ({
        id: backend.id,
        backend,
        name,
        source,
      }));
    }),
  );

  test.for(choices)('$source on $id under $name: its detections mean the same', async (choice) => {
    const { backend, source, name } = choice;
    const counts = await outcomes('.', choosing(backend, source, [name]), source);
    // What the layout lacks is refused, as on any target.
    const { passed = 0, refused = 0, ...others } = counts;
    expect(others).toEqual({});
    expect(passed).toBeGreaterThan(refused);
  });

  test('lead somewhere and name fields of their log', () => {
    const problems = choices.flatMap(({ backend, source: name, name: choice }) => {
      const source = shippedLogSources().find((one) => one.name === name);
      const [document] = choosing(backend, name, [choice]).fields.flatMap(({ document: one }) =>
        (one as MappingDocument).source === name ? [one as MappingDocument] : [],
      );
      if (source === undefined || document === undefined) throw new Error(`no ${name}`);
      const scope = backend.scopeProblem?.(document.scope);
      return [
        ...(scope === undefined ? [] : [scope]),
        ...entryProblems(document.fields, source),
        ...backendProblems(backend, source, document),
      ];
    });
    expect(problems).toEqual([]);
  });
});

const example = filesOf(readFileSync('docs/own-logs.md', 'utf8'));
const splunk = `${example['logs/mappings/shipyard/splunk.yml'] ?? ''}
choices:
  forwarder:
    about: Records by our old forwarder, which puts them under a key and renames one.
    scope: { sourcetype: 'shipyard:old' }
    fields:
      '*': { path: 'body.*', evidence: observed, basis: our forwarder }
      action: { path: body.verb, evidence: observed, basis: our forwarder }
  labelled:
    about: Records with labels of another name.
    fields:
      action: { path: deed, evidence: observed, basis: our forwarder }
      release.labels: { path: 'tags{}', evidence: observed, basis: our forwarder }
`;
const project = (choices: string): Readonly<Record<string, string>> => ({
  ...example,
  'logs/mappings/shipyard/splunk.yml': splunk,
  'siemc.config.yml': `${example['siemc.config.yml'] ?? ''}\nchoices: ${choices}\n`,
});

describe('a project with choices', () => {
  test.for([
    { names: [], query: /index_shipyard.* sourcetype="?shipyard:audit"?\s+action=/ },
    { names: ['forwarder'], query: /sourcetype="?shipyard:old"?\s+body\.verb=/ },
    { names: ['forwarder', 'labelled'], query: /sourcetype="?shipyard:old"?\s+deed=/ },
    { names: ['labelled', 'forwarder'], query: /sourcetype="?shipyard:old"?\s+body\.verb=/ },
  ])('compiles and runs its rules under $names', async ({ names, query }) => {
    const list = names.join(', ');
    const {
      backends: merged,
      told,
      cwd,
    } = await load(project(`{ splunk: { shipyard/audit: [${list}] } }`));
    expect(told).toEqual([]);
    const [backend] = merged;
    expect(backend?.id).toBe('splunk');
    if (backend === undefined) return;
    expect(await outcomes(cwd, backend, 'shipyard/audit')).toEqual({ passed: 4 });
    const { out } = siemc(['compile', 'detections', '-t', 'splunk'], { cwd });
    expect(out).toMatch(query);
  });

  test('have no say on other targets and logs', async () => {
    const { backends: merged } = await load(project('{ splunk: { shipyard/audit: [forwarder] } }'));
    expect(merged[1]).toEqual((await load(project('{}'))).backends[1]);
    const cloudtrail = (given: Backend | undefined): unknown =>
      given && mappingsOf(given).find(({ source }) => source === 'aws/cloudtrail');
    expect(cloudtrail(merged[0])).toEqual(cloudtrail(backends[0]));
  });

  test('may be of an own file over what the shipped one says', async () => {
    const { backends: merged, told } = await load({
      'siemc.config.yml': 'mappings: [m.yml]\nchoices: { splunk: { aws/cloudtrail: [ours] } }\n',
      'm.yml': `target: splunk
source: aws/cloudtrail
choices:
  ours: { about: Our index., scope: { macro: ours } }
`,
    });
    const scope = merged[0] && mappingsOf(merged[0]).find((one) => one.source === 'aws/cloudtrail');
    expect([told, scope?.scope['macro']]).toEqual([[], 'ours']);
  });

  test('tells what there is to choose', async () => {
    const { told, messages, sound } = await load(
      project(`
  splnk: { shipyard/audit: [forwarder] }
  splunk:
    shipyard/audt: [forwarder]
    shipyard/audit: [forwrder]
  sentinel: { aws/cloudtrail: [forwarder] }`),
    );
    expect(told).toEqual([
      'siemc.config.yml:7:3 config/unknown-target',
      'siemc.config.yml:9:5 config/unknown-source',
      'siemc.config.yml:10:22 config/unknown-choice',
      'siemc.config.yml:11:32 config/unknown-choice',
    ]);
    expect(messages.match(/Did you mean "\S+"\?/g)).toEqual([
      'Did you mean "splunk"?',
      'Did you mean "shipyard/audit"?',
      'Did you mean "forwarder"?',
    ]);
    expect([messages.includes('It has none.'), sound]).toEqual([true, false]);
  });

  test('have their places checked like all others, whether they are made or not', async () => {
    const { told, backends: merged } = await load({
      ...project('{}'),
      'logs/mappings/shipyard/splunk.yml': splunk
        .replace('release.labels: {', 'release.lables: {')
        .replace('path: body.verb', 'path: body verb*'),
    });
    expect(told.map((one) => one.replace(/:\d+:\d+/, ''))).toEqual([
      'logs/mappings/shipyard/splunk.yml mapping/place',
      'logs/mappings/shipyard/splunk.yml mapping/unknown-field',
    ]);
    expect(merged.length).toBe(backends.length);
  });

  test('have scopes that lead to events', async () => {
    const { told } = await load({
      ...project('{}'),
      'logs/mappings/shipyard/splunk.yml': splunk.replace(
        "{ sourcetype: 'shipyard:old' }",
        '{ indx: a }',
      ),
    });
    expect(told.map((one) => one.replace(/:\d+:\d+/, ''))).toEqual([
      'logs/mappings/shipyard/splunk.yml mapping/scope',
    ]);
  });
});

describe('choices that move events to another table', () => {
  const kept = "evidence: assumed, basis: 'a test'";
  const moving = (choices: string): Readonly<Record<string, string>> => ({
    'siemc.config.yml': `sources: [s.yml]\nmappings: [m.yml]\nchoices: { sentinel: { acme/door: [${choices}] } }\n`,
    's.yml':
      'name: acme/door\ntitle: Door\nmatch: { product: acme, service: door }\ntime: when\nfields: { when: {}, user: {}, verb: {} }\n',
    'm.yml': `target: sentinel
source: acme/door
scope: { table: Door_CL }
variants: [default]
fields:
  when: { path: TimeGenerated, type: datetime, ${kept} }
  user: { path: Person, ${kept} }
  verb: { path: Deed, ${kept} }
choices:
  activity: { about: Elsewhere., scope: { table: AzureActivity }, fields: { user: { path: Caller, ${kept} } } }
  caller: { about: Another column., fields: { user: { path: Caller, ${kept} }, verb: { path: Category, ${kept} } } }
  renamed: { about: Another column., fields: { user: { path: Nobody, ${kept} } } }
`,
  });
  const placesOf = (merged: readonly Backend[]): unknown => {
    const sentinel = merged.find(({ id }) => id === 'sentinel');
    const mapping = sentinel && mappingsOf(sentinel).find(({ source }) => source === 'acme/door');
    return mapping?.entries.map(({ field, places }) => [field, places[0]?.path]);
  };

  test('are told of the fields that they leave without a place, which are refused', async () => {
    const { told, messages, backends: merged } = await load(moving('activity'));
    expect(told).toEqual(['m.yml:10:34 mapping/place']);
    expect(messages).toContain(
      'Under this scope there is no place for "verb": The table AzureActivity has no column "Deed".',
    );
    expect(placesOf(merged)).toEqual([
      ['when', 'TimeGenerated'],
      ['user', 'Caller'],
      ['verb', undefined],
    ]);
  });

  test('are told of what several of them leave without a place together', async () => {
    const files = moving('activity, caller, renamed');
    const whole = files['m.yml']?.replace(
      `fields: { user: { path: Caller, ${kept} } } }`,
      `fields: { user: { path: Caller, ${kept} }, verb: { path: Level, ${kept} } } }`,
    );
    const { told, messages, backends: merged } = await load({ ...files, 'm.yml': whole ?? '' });
    expect(told).toEqual(['siemc.config.yml:3:36 mapping/place']);
    expect(messages).toContain(
      'Under these choices there is no place for "user": The table AzureActivity has no column "Nobody".',
    );
    expect(placesOf(merged)).toEqual([
      ['when', 'TimeGenerated'],
      ['user', undefined],
      ['verb', 'Category'],
    ]);
  });
});

test('a project without configuration files chooses nothing', () => {
  const cwd = folderOf({ 'siemc.config.yml': 'choices: { splunk: {} }\n' });
  expect(siemc(['check'], { cwd }).err).not.toContain('config/');
});
