import { resolve } from 'node:path';
import type { BuiltFiles } from '#backend';
import { outputOnDisk, readBuilt } from '../../../src/publish/built.ts';
import type { Random } from '../../support/random.ts';
import type { Siem } from './siem.ts';

/** The rules of the repository, as they are built for a target. */
export function shippedBuild(target: string): BuiltFiles {
  const folder = outputOnDisk(resolve('dist-rules'), 'dist-rules');
  const output = readBuilt(folder, target, target, ({ message }) => {
    throw new Error(message);
  });
  if (output === undefined) throw new Error(`nothing is built for ${target}`);
  return output.built;
}

/** The same for a part of the rules. */
export function withRules(built: BuiltFiles, stems: ReadonlySet<string>): BuiltFiles {
  return { ...built, rules: built.rules.filter(({ stem }) => stems.has(stem)) };
}

/** The same with other descriptions of some rules, in all that their SIEM reads. */
export function reworded(built: BuiltFiles, stems: ReadonlySet<string>, words: string): BuiltFiles {
  const ids = built.rules.filter(({ stem }) => stems.has(stem)).map(({ id }) => id);
  const isOf = (path: string): boolean =>
    stems.has(path.slice(0, path.indexOf('.', path.lastIndexOf('/'))));
  return {
    ...built,
    read(path) {
      const text = built.read(path);
      if (text === undefined) return undefined;
      if (path.endsWith('savedsearches.conf')) return stanzas(text, ids, words);
      // Queries say nothing of it; those of Google SecOps are the whole rule.
      if (!isOf(path) || /\.(kql|spl)$/.test(path)) return text;
      return text.replace(/(description"?\s*[=:]\s*"?)(?=\w)/, `$1${words} `);
    },
  };
}

function stanzas(conf: string, ids: readonly string[], words: string): string {
  return conf
    .split(/^(?=\[)/m)
    .map((stanza) =>
      ids.some((id) => stanza.includes(id))
        ? stanza.replace(/^description = /m, `description = ${words} `)
        : stanza,
    )
    .join('');
}

/** So many rules, made of the shipped ones by giving them other ids and names. */
export function manyRules(siem: Siem, built: BuiltFiles, count: number): BuiltFiles {
  const models = built.rules.filter(({ stem }) => siem.query(built, stem).length < 3000);
  const conf = 'app/default/savedsearches.conf';
  const stanzasOf = new Map(
    (built.read(conf) ?? '')
      .split(/^(?=\[)/m)
      .map((stanza) => [/siemc\.rule_id = (\S+)/.exec(stanza)?.[1] ?? '', stanza]),
  );
  const texts = new Map<string, string>();
  const all: string[] = [];
  const rules = Array.from({ length: count }, (_, number) => {
    const model = models[number % models.length];
    if (model === undefined) throw new Error('there are no rules');
    const id = `10000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
    const stem = `many/${number}`;
    const files = model.files.map((file) => `${stem}${file.slice(model.stem.length)}`);
    for (const [index, path] of model.files.entries()) {
      const text = siem.another(built.read(path) ?? '', model, id, number);
      texts.set(files[index] ?? '', text);
    }
    all.push(siem.another(stanzasOf.get(model.id) ?? '', model, id, number));
    return { id, title: `${model.title} ${number}`, stem, files };
  });
  texts.set(conf, all.join(''));
  return { ...built, rules, read: (path) => texts.get(path) ?? built.read(path) };
}

/** Some rules by chance, those that read lists among them. */
export function someStems(built: BuiltFiles, count: number, random: Random): ReadonlySet<string> {
  const all = built.rules.filter(({ files }) => files.length > 1 || !files[0]?.endsWith('.kql'));
  const chosen = new Set<string>();
  const listed = all.filter(({ stem }) => /not-approved|unknown|listed|approved/.test(stem));
  for (let turn = 0; chosen.size < Math.min(count, all.length); turn += 1)
    chosen.add(random.pick(turn < 3 && listed.length > 0 ? listed : all).stem);
  return chosen;
}
