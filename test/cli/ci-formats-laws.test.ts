import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fingerprints } from '../../src/cli/format/fingerprints.ts';
import { github } from '../../src/cli/format/github.ts';
import { withoutCommands } from '../../src/cli/format/log-text.ts';
import type { Told } from '../../src/cli/format/outcome.ts';
import { sarif } from '../../src/cli/format/sarif.ts';
import { stepSummary } from '../../src/cli/format/step-summary.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { visible, visibleLines } from '../../src/text/visible.ts';
import { sarifProblems } from '../support/published-schemas.ts';
import { commandsIn } from '../support/workflow-commands.ts';

/** Text that likes to be a command, a link, a placeholder or a cell. */
const text = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.constantFrom('::', '##[', ']', '%0A', '%', ',', '\n', '\r', ' ', '|', '](x)', '{0}', '..'),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

const diagnostic: fc.Arbitrary<Diagnostic> = fc
  .record({
    code: fc.constantFrom('plan/unknown-field', 'splunk/cannot-tell-absent', 'mine/x'),
    severity: fc.constantFrom('error', 'warning', 'note'),
    message: text,
    hint: fc.option(text, { nil: undefined }),
    path: text.filter((path) => path !== '' && !path.includes('..')),
    content: text,
    from: fc.nat(20),
    length: fc.nat(20),
  })
  .map(({ code, severity, message, hint, path, content, from, length }) => ({
    code,
    severity: severity as Diagnostic['severity'],
    message,
    ...(hint === undefined ? {} : { hint }),
    at: {
      file: { path, text: content },
      span: {
        start: Math.min(from, content.length),
        end: Math.min(from + length, content.length),
      },
    },
  }));

const told = fc.array(diagnostic, { maxLength: 12 }).map(
  (diagnostics): Told => ({
    command: 'check',
    exit: 1,
    summary: 'one',
    diagnostics,
    inRepository: (path) => path,
  }),
);

describe('whatever rules and files are called', () => {
  test('GitHub reads each finding back, and no other command', () => {
    fc.assert(
      fc.property(told, (given) => {
        const distinct = [...new Map(given.diagnostics.map((one) => [keyOf(one), one])).values()];
        const wanted = distinct.map(({ message, hint, at }) => [
          visible(at.file.path).trim(),
          visibleLines(hint === undefined ? message : `${message}\n${hint}`),
        ]);
        const read = commandsIn(github(given)).map(({ properties, data }) => [
          properties['file']?.trim(),
          data,
        ]);
        expect(read.map(String).sort()).toEqual(wanted.map(String).sort());
      }),
    );
  });

  test('text for people holds no command, and is the same where it held none', () => {
    fc.assert(
      fc.property(text, (given) => {
        const log = visibleLines(given);
        expect(commandsIn(withoutCommands(log))).toEqual([]);
        if (!log.includes('::') && !log.includes('##[')) expect(withoutCommands(log)).toBe(log);
      }),
    );
  });

  test('a SARIF log is valid, without links and placeholders', () => {
    fc.assert(
      fc.property(told, (given) => {
        const log = JSON.parse(sarif(given));
        expect(sarifProblems(log)).toEqual([]);
        for (const { message } of log.runs[0].results)
          expect(message.text).not.toMatch(/(?<!\\)\]\(|(?<!\{)\{\d+\}(?!\})/);
      }),
      { numRuns: 50 },
    );
  });

  test("fingerprints are each finding's own, and stay when lines are put above", () => {
    fc.assert(
      fc.property(told, (given) => {
        const names = fingerprints(given);
        expect(new Set(names).size).toBe(names.length);
        const moved = given.diagnostics.map(({ at: { file, span }, ...rest }) => ({
          ...rest,
          at: {
            file: { ...file, text: `# above\n${file.text}` },
            span: { start: span.start + 8, end: span.end + 8 },
          },
        }));
        expect(fingerprints({ ...given, diagnostics: moved })).toEqual(names);
      }),
    );
  });

  test('a summary fits into what is left of a step', () => {
    fc.assert(
      fc.property(told, fc.integer({ min: 0, max: 1024 * 1024 }), (given, present) => {
        const size = Buffer.byteLength(stepSummary(given, present));
        expect(present + size).toBeLessThanOrEqual(1024 * 1024);
      }),
    );
  });
});

function keyOf({ code, message, at }: Diagnostic): string {
  return JSON.stringify([code, message, at.file.path, at.span.start]);
}
