import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { QueryRunError, QuerySyntaxError } from '#backend';
import { run } from '../../backends/splunk/engine/run.ts';
import { parse } from '../../backends/splunk/parse.ts';
import { print } from '../../backends/splunk/print.ts';

const corpus = '../shared/corpus/spl/security-content.jsonl';

if (!existsSync(corpus)) console.info(`no ${corpus}: the corpus of SPL searches is skipped`);

/** Needs what a single search over given events doesn't have. */
const elsewhere =
  /\b(tstats|mstats|inputlookup|lookup|join|append|appendpipe|map|iplocation|from|apply)\b|\[/;

describe.skipIf(!existsSync(corpus))('public SPL searches', () => {
  const texts = existsSync(corpus)
    ? readFileSync(corpus, 'utf8')
        .trim()
        .split('\n')
        .map((line): string => JSON.parse(line).search)
    : [];

  test('are mostly read, printed so that they read the same, and refused at a place otherwise', () => {
    let read = 0;
    let own = 0;
    let ownRead = 0;
    for (const text of texts) {
      const inSubset = !elsewhere.test(text.replace(/"(?:\\.|[^"\\])*"/g, '""'));
      if (inSubset) own += 1;
      try {
        const query = parse(text);
        read += 1;
        if (inSubset) ownRead += 1;
        const printed = print(query);
        expect(parse(printed)).toEqual(query);
        expect(print(parse(printed))).toBe(printed);
      } catch (error) {
        if (!(error instanceof QuerySyntaxError)) throw error;
        expect(error.start).toBeLessThanOrEqual(text.length);
      }
    }
    console.info(
      `${read} of ${texts.length} searches are read; of ${own} over events alone ${ownRead}`,
    );
    expect(read / texts.length).toBeGreaterThan(0.85);
    expect(ownRead / own).toBeGreaterThan(0.94);
  });

  test('run without a crash, or are refused with a reason', () => {
    const refusals = new Map<string, number>();
    let ran = 0;
    for (const text of texts) {
      try {
        run(parse(text), [{ _time: 1, _raw: 'x', EventCode: '1' }], {});
        ran += 1;
      } catch (error) {
        if (error instanceof QuerySyntaxError) continue;
        if (!(error instanceof QueryRunError)) throw error;
        const reason = error.message.replace(/[`"][^`"]*[`"]/g, '…');
        refusals.set(reason, (refusals.get(reason) ?? 0) + 1);
      }
    }
    const most = [...refusals].sort((a, b) => b[1] - a[1]).slice(0, 8);
    console.info(`${ran} of ${texts.length} searches run; ${JSON.stringify(most)}`);
    expect(ran).toBeGreaterThan(50);
  });
});
