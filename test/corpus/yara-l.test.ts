import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { run } from '../../backends/chronicle/engine/run.ts';
import { parseRule as parse } from '../../backends/chronicle/parse.ts';
import { print } from '../../backends/chronicle/print.ts';
import { enumValues, enumZero, isRepeated, udmType } from '../../backends/chronicle/udm.ts';

const rules = '../shared/corpus/yara-l/rules';
const fields = '../shared/specs/secops/udm-fields.json';

/** Public rules that aren't read, and why; names end a path. */
const skipped: Readonly<Record<string, string>> = {
  'paymen45_ransomware.yaral': 'a string goes on over a line break',
};

if (!existsSync(rules)) console.info(`no ${rules}: the corpus of YARA-L rules is skipped`);

describe.skipIf(!existsSync(rules))('public YARA-L rules', () => {
  const texts = existsSync(rules)
    ? readdirSync(rules, { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith('.yaral') && !(basename(path) in skipped))
        .map((path) => [path, readFileSync(join(rules, path), 'utf8')] as const)
    : [];

  test('are nearly all read, and printed so that they read the same', () => {
    const problems: string[] = [];
    for (const [path, text] of texts) {
      try {
        const rule = parse(text);
        const printed = print(rule);
        if (print(parse(printed)) !== printed) problems.push(`${path}: not canonical`);
        expect(parse(printed), path).toEqual(rule);
      } catch (error) {
        problems.push(`${path}: ${String(error)}`);
      }
    }
    console.info(`${texts.length - problems.length} of ${texts.length} rules are read`);
    expect(problems.slice(0, 10)).toEqual([]);
    expect(texts.length).toBeGreaterThan(400);
  });

  test('over one event mostly run, the others are refused with a reason', () => {
    const refusals = new Map<string, number>();
    let ran = 0;
    for (const [, text] of texts) {
      try {
        run(parse(text), [{}], {});
        ran += 1;
      } catch (error) {
        expect(error).toMatchObject({ name: 'QueryRunError' });
        const reason = String(error).replace(/[$"#%][\w.]+|\/.*\//g, '…');
        refusals.set(reason, (refusals.get(reason) ?? 0) + 1);
      }
    }
    const most = [...refusals].sort((a, b) => b[1] - a[1]).slice(0, 12);
    console.info(`${ran} of ${texts.length} rules run; ${JSON.stringify(most)}`);
    expect(ran / texts.length).toBeGreaterThan(0.5);
  });
});

interface UdmFields {
  readonly nouns: Readonly<Record<string, { readonly repeated: boolean }>>;
  readonly noun_paths: Readonly<Record<string, UdmField>>;
  readonly event_paths: Readonly<Record<string, UdmField>>;
  readonly enums: Readonly<Record<string, { readonly values: readonly string[] }>>;
}

interface UdmField {
  readonly type: string;
  readonly repeated: boolean;
  readonly enum?: string;
}

describe.skipIf(!existsSync(fields))('the table of UDM fields', () => {
  const table = existsSync(fields)
    ? (JSON.parse(readFileSync(fields, 'utf8')) as UdmFields)
    : { nouns: {}, noun_paths: {}, event_paths: {}, enums: {} };
  const all = [
    ...Object.entries(table.noun_paths).flatMap(([path, field]) =>
      ['principal', 'target', 'about'].map((noun) => [`${noun}.${path}`, field] as const),
    ),
    ...Object.entries(table.event_paths),
  ];
  const types: Readonly<Record<string, string>> = {
    string: 'string',
    int: 'int',
    float: 'float',
    bool: 'bool',
    enum: 'enum',
    timestamp: 'time',
  };

  test('agrees with the published definition', () => {
    const wrong = all.filter(
      ([path, field]) =>
        isRepeated(path) !== field.repeated ||
        (field.type in types && udmType(path) !== types[field.type]),
    );
    expect(wrong.map(([path]) => path)).toEqual([]);
    for (const [noun, { repeated }] of Object.entries(table.nouns)) {
      expect(isRepeated(noun), noun).toBe(repeated);
    }
  });

  test('has the zero value of every enumeration, and the actions', () => {
    for (const [path, { enum: name }] of all) {
      if (name === undefined) continue;
      const values = table.enums[name]?.values ?? [];
      expect(enumZero(path), path).toBe(values[0]);
      if (enumValues(path) !== undefined) expect(enumValues(path)).toEqual(values);
    }
  });
});

function basename(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
