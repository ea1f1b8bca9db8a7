import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderOf, siemc } from './siemc.ts';

const rule = (title: string, name: string, id: number): string => `title: ${title}
id: 1111111${id}-2222-4333-8444-555555555555
name: ${name}
logsource: { product: aws, service: cloudtrail }
detection: { s: { eventName: ${title.replace(/ /g, '')} }, condition: s }
`;
const burstOf = (rules: string, more = ''): string => `title: Burst
correlation:
  type: event_count
  rules: [${rules}]
  group-by: [awsRegion]
  timespan: 10m
  condition: { gte: 3 }
${more}`;
const deleted = rule('Image deleted', 'image_deleted', 1);
const burst = burstOf('image_deleted');

const projectOf = (files: Readonly<Record<string, string>>): string =>
  folderOf(
    Object.fromEntries(Object.entries(files).map(([path, text]) => [`detections/${path}`, text])),
  );
const project = (more: Readonly<Record<string, string>> = {}): string =>
  projectOf({ 'base/deleted.yml': deleted, 'burst.yml': burst, ...more });

type Line = Readonly<Record<string, unknown>> & { readonly rule: unknown };
const lines = (text: string): readonly Line[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
const manifest = (cwd: string): readonly Line[] =>
  lines(readFileSync(join(cwd, 'dist-rules/manifest.jsonl'), 'utf8')).slice(1);
const has = (cwd: string, query: string): boolean =>
  existsSync(join(cwd, 'dist-rules/splunk', query));
const compiled = (cwd: string, ...args: readonly string[]): string[] =>
  lines(siemc(['compile', ...args, '--format', 'json'], { cwd }).out).map(
    (line) => `${(line.rule as { title: string }).title} ${line['target']} ${line['status']}`,
  );

describe('a part has no query of its own', () => {
  test('also when only its own file is named', () => {
    const cwd = project();
    const { code, out, err } = siemc(['compile', 'detections/base/deleted.yml'], { cwd });
    expect([code, out]).toEqual([0, '']);
    expect(err).toContain('"Image deleted" has no query of its own: it is a part of "Burst"');
  });

  test('except on targets that its correlation is not for', () => {
    const only = `${burst}siemc: { targets: [splunk] }\n`;
    const cwd = project({ 'burst.yml': only });
    expect(compiled(cwd, 'detections').sort()).toEqual([
      'Burst splunk ok',
      'Image deleted chronicle ok',
      'Image deleted sentinel ok',
    ]);
    const { code, err } = siemc(['build'], { cwd });
    expect(code).toBe(0);
    expect(err).toContain('"Image deleted" has no query of its own for splunk: it is a part of');
    expect(manifest(cwd).find((line) => line.rule === 'base/deleted')?.['targets']).toMatchObject({
      splunk: { status: 'part', of: ['burst'] },
      sentinel: { status: 'ok' },
    });
  });

  test('and on no target where it stands in the file of its correlation', () => {
    const only = `${burst}siemc: { targets: [splunk] }\n`;
    const cwd = projectOf({ 'burst.yml': `${deleted}---\n${only}` });
    expect(compiled(cwd, 'detections')).toEqual(['Burst splunk ok']);
    const { code, err } = siemc(['build'], { cwd });
    expect([code, err.includes('no query of its own')]).toEqual([0, false]);
    expect(manifest(cwd).map((line) => line.rule)).toEqual(['burst']);
  });

  test('which build tells, on standard error and in the manifest', () => {
    const cwd = project();
    const { code, err } = siemc(['build'], { cwd });
    expect(code).toBe(0);
    expect(err).toContain('"Image deleted" has no query of its own: it is a part of "Burst"');
    const line = manifest(cwd).find((one) => one.rule === 'base/deleted');
    expect(line?.['targets']).toMatchObject({ splunk: { status: 'part', of: ['burst'] } });
    expect(has(cwd, 'base/deleted.spl')).toBe(false);
    expect(existsSync(join(cwd, 'dist-rules/pages/base/deleted.md'))).toBe(false);
  });

  test('unless any correlation of the project says so', () => {
    const other = burst.replace('Burst', 'Other').concat('generate: true\n');
    const cwd = project({ 'other.yml': other });
    expect(compiled(cwd, 'detections/base/deleted.yml', '-t', 'splunk')).toEqual([
      'Image deleted splunk ok',
    ]);
  });

  test('unless the name could be that of another rule', () => {
    const twin = rule('Image gone', 'image_deleted', 2);
    const cwd = project({ 'twin.yml': twin });
    const what = ['Image deleted splunk ok'];
    expect(compiled(cwd, 'detections/base/deleted.yml', '-t', 'splunk')).toEqual(what);
    const { err } = siemc(['compile', 'detections/burst.yml', 'detections/twin.yml'], { cwd });
    expect(err).toContain('Several rules are called "image_deleted"');
  });
});

describe('a correlation with errors', () => {
  const slip = burst.replace('timespan: 10m', 'timespan: 10x');

  test('does not publish its parts', () => {
    const cwd = project();
    siemc(['build'], { cwd });
    const before = manifest(cwd);
    writeFileSync(join(cwd, 'detections/burst.yml'), slip);
    const { code, out } = siemc(['build', '--check'], { cwd });
    expect([code, out]).toEqual([1, '']);
    writeFileSync(join(cwd, 'detections/burst.yml'), 'title: [Burst');
    siemc(['build'], { cwd });
    expect(manifest(cwd)).toEqual(before);
    rmSync(join(cwd, 'detections/burst.yml'));
    expect(siemc(['build'], { cwd }).code).toBe(0);
    expect(has(cwd, 'base/deleted.spl')).toBe(true);
  });

  test('does not cost its parts their published queries', () => {
    const cwd = projectOf({ 'base/deleted.yml': deleted });
    siemc(['build'], { cwd });
    const before = readFileSync(join(cwd, 'dist-rules/splunk/base/deleted.spl'), 'utf8');
    for (const text of [slip, `${burst}---\ntitle: Nothing\n`]) {
      writeFileSync(join(cwd, 'detections/burst.yml'), text);
      expect(siemc(['build'], { cwd }).code).toBe(1);
      expect(readFileSync(join(cwd, 'dist-rules/splunk/base/deleted.spl'), 'utf8')).toBe(before);
      expect(manifest(cwd).map((line) => line.rule)).toEqual(['base/deleted']);
    }
  });

  test('owns nothing of other files when it is compiled, and its own parts stay private', () => {
    const own = `${rule('Image sold', 'image_sold', 3)}---\n${slip.replace('image_deleted', 'image_deleted, image_sold')}`;
    const cwd = project({ 'burst.yml': own });
    expect(compiled(cwd, 'detections', '-t', 'splunk').sort()).toEqual([
      'Burst splunk invalid',
      'Image deleted splunk ok',
    ]);
  });
});

test('build keeps what is built of a file whose name begins like that of a file with errors', () => {
  const cwd = projectOf({ 'a.yml': deleted, 'a.b.yml': rule('Image sold', 'image_sold', 3) });
  siemc(['build'], { cwd });
  writeFileSync(join(cwd, 'detections/a.yml'), 'title: [');
  const changed = rule('Image sold', 'image_sold', 3).replace('Imagesold', 'ImageBought');
  writeFileSync(join(cwd, 'detections/a.b.yml'), changed);
  siemc(['build'], { cwd });
  expect(readFileSync(join(cwd, 'dist-rules/splunk/a.b.spl'), 'utf8')).toContain('ImageBought');
  expect(has(cwd, 'a.spl')).toBe(true);
});

describe('compile --format json tells all that is found', () => {
  const linesOf = (files: Readonly<Record<string, string>>): string[] => {
    const { out } = siemc(['compile', 'detections', '-t', 'splunk', '--format', 'json'], {
      cwd: projectOf(files),
    });
    return lines(out).map((line) => {
      const { title } = line.rule as { title: string | null };
      const found = line['diagnostics'] as readonly { code: string }[];
      return [title, line['status'], ...found.map(({ code }) => code)].join(' ');
    });
  };

  test('while a rule is read', () => {
    const wrong = deleted.replace('condition: s', 'condition: s and t');
    expect(linesOf({ 'a.yml': wrong })).toEqual([
      'Image deleted invalid condition/unknown-selection',
    ]);
    expect(linesOf({ 'a.yml': `${deleted}colour: red\n` })).toEqual([
      'Image deleted ok rule/unknown-key',
    ]);
  });

  test('about a part', () => {
    const wrong = deleted.replace('condition: s', 'condition: s and t');
    expect(linesOf({ 'a.yml': `${wrong}---\n${burst}` })).toEqual([
      'Image deleted invalid condition/unknown-selection',
      'Burst invalid correlation/broken-rule',
    ]);
  });

  test('beside good rules of the file', () => {
    expect(linesOf({ 'a.yml': `${deleted}---\n[1]\n` })).toEqual([
      'Image deleted ok',
      ' invalid rule/not-a-rule',
    ]);
  });

  test('and on standard error what no line has', () => {
    const cwd = projectOf({ 'a.yml': `${deleted}colour: red\n`, 'burst.yml': burst });
    const args = ['compile', 'detections', '-t', 'splunk', '--format', 'json'];
    const { err } = siemc(args, { cwd });
    expect(err).toContain('Sigma has no key "colour"');
  });
});
