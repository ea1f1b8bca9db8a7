// Makes a rule repository of any size of the shipped one: `node bench/many-rules.mjs <folder> [rules]`, 3,000 by default.
//
// The shipped rules are copied in rounds. A copy has an id, name, title and folder of its own, another level or tag, and
// means something else: other operations, longer and shorter lists of them, exceptions and narrowing selections, other
// windows and thresholds of correlations. Rules that name each other are copied together. A third of these groups keeps
// its operations, windows and thresholds, so that its tests still hold, and has them; the others have none. Samples,
// lists and the configuration are copied as they are. The same number of rules gives the same bytes.

import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { varyCorrelation, varyDetection, varyHead } from './vary-rule.mjs';

const shipped = 'detections';

/** Writes a repository with so many rule files into an empty folder. */
export function writeManyRules(folder, count) {
  const groups = groupsOf(readShipped());
  for (const part of ['lists', 'samples'])
    cpSync(join(shipped, part), join(folder, shipped, part), { recursive: true });
  writeFileSync(join(folder, 'siemc.config.yml'), configuration(count, groups));
  mkdirSync(join(folder, '.git'));
  writeFileSync(join(folder, '.git/HEAD'), 'ref: refs/heads/main\n');
  let left = count;
  for (let round = 1; left > 0; round += 1) {
    for (const files of groups.filter(({ length }) => length <= left || length === 1)) {
      if (files.length > left) continue;
      left -= files.length;
      writeGroup(folder, files, round);
    }
  }
}

/** The rule files, each with its documents; they are read anew for each copy, which changes them. */
function readShipped() {
  return readdirSync(shipped, { recursive: true })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.yml'))
    .sort()
    .map((path) => {
      const text = readFileSync(join(shipped, path), 'utf8');
      const rules = parseAllDocuments(text).map((document) => document.toJS());
      const test = readFileSync(join(shipped, path.replace(/yml$/, 'test.yaml')), 'utf8');
      return { path, text, test, rules };
    });
}

/** The files in groups: those of which one names a rule of another belong together. Small groups last, to fill up. */
function groupsOf(files) {
  const home = new Map();
  for (const file of files)
    for (const { name, id } of file.rules) for (const key of [name, id]) home.set(key, file);
  const group = new Map(files.map((file) => [file, [file]]));
  for (const file of files) {
    for (const named of file.rules.flatMap(({ correlation }) =>
      [correlation?.rules ?? []].flat(),
    )) {
      const [own, other] = [group.get(file), group.get(home.get(named))];
      if (own === other) continue;
      const joined = [...own, ...other];
      for (const one of joined) group.set(one, joined);
    }
  }
  return [...new Set(group.values())].sort((a, b) => b.length - a.length);
}

/** Without a copy of all rules the promise of coverage would have gaps. */
function configuration(count, groups) {
  const text = readFileSync('siemc.config.yml', 'utf8');
  if (count >= groups.flat().length) return text;
  return text.slice(0, text.indexOf('# What the rules promise'));
}

function writeGroup(folder, files, round) {
  const random = randomOf(`${files[0].path} ${round}`);
  const isTested = random() < 1 / 3;
  const ids = new Map();
  const names = new Map();
  for (const { id, name } of files.flatMap(({ rules }) => rules)) {
    if (id !== undefined) ids.set(id, uuid(`${id} ${round}`));
    if (name !== undefined) names.set(name, `${name}_${round}`);
  }
  const parts = files.flatMap(({ rules }) =>
    rules.flatMap(({ correlation }) => [correlation?.rules ?? []].flat()),
  );
  for (const { path, text, test } of files) {
    const documents = parseAllDocuments(text);
    for (const document of documents) {
      varyHead(document, { round, random, ids });
      if (document.has('correlation')) varyCorrelation(document, { random, ids, names, isTested });
      else {
        const isPart = parts.includes(document.get('name')) || parts.includes(document.get('id'));
        varyDetection(document, { round, random, isTested, isPart });
      }
      if (document.has('name')) document.set('name', names.get(document.get('name')));
    }
    const team = `team-${String(1 + Math.floor(random() * 40)).padStart(2, '0')}`;
    const to = join(folder, shipped, team, path.replace(/\.yml$/, `-${round}`));
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(
      `${to}.yml`,
      documents.map((one) => one.toString({ lineWidth: 0 })).join('---\n'),
    );
    if (isTested) writeFileSync(`${to}.test.yaml`, test);
  }
}

function uuid(text) {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Numbers from 0 to 1, always the same ones for a seed (mulberry32). */
function randomOf(seed) {
  let state = createHash('sha256').update(seed).digest().readUInt32LE(0);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [folder, count = '3000'] = process.argv.slice(2);
  if (folder === undefined || !/^[1-9][0-9]*$/.test(count)) {
    console.error('usage: node bench/many-rules.mjs <folder> [rules]');
    process.exit(2);
  }
  mkdirSync(folder, { recursive: true });
  if (readdirSync(folder).length > 0) {
    console.error(`${folder} isn't empty`);
    process.exit(2);
  }
  writeManyRules(folder, Number(count));
}
