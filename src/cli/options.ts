import { InvalidArgumentError, Option } from 'commander';
import type { WantedReport } from './reports.ts';

/** Collects a repeatable option whose values may also be joined by commas. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), ...value.split(',').filter((part) => part !== '')];
}

/** The targets of a command. */
export const target = (): Option =>
  new Option(
    '-t, --target <id>',
    "a target, instead of the configuration's (or SIEMC_TARGETS); repeatable, or several with commas",
  ).argParser(collect);

/** A number from 0 to 100. */
export const percent = (flags: string, says: string): Option =>
  new Option(flags, says).argParser((value) => {
    if (/^\d+(\.\d+)?$/.test(value) && Number(value) <= 100) return Number(value);
    throw new InvalidArgumentError('It is a number from 0 to 100.');
  });

/** The form of what goes to standard output; the first one unless asked otherwise. */
export const format = (...choices: readonly string[]): Option =>
  new Option('-f, --format <format>', 'form of the result').choices(choices).default(choices[0]);

/** Forms of the result that go into files. */
export const report = (...choices: readonly string[]): Option =>
  new Option(
    '--report <format=file>',
    `write the result to a file, too; repeatable (formats: ${choices.join(', ')})`,
  ).argParser((value, before: readonly WantedReport[] = []) => {
    const [, name = '', file = ''] = /^([^=]*)=(.+)$/s.exec(value) ?? [];
    if (!choices.includes(name))
      throw new InvalidArgumentError(`It is format=file, of ${choices.join(', ')}.`);
    if (before.some((one) => one.file === file))
      throw new InvalidArgumentError('Another report goes to that file.');
    return [...before, { format: name, file }];
  });

/** A whole number that isn't too small. */
export const atLeast =
  (least: number) =>
  (value: string): number => {
    if (/^\d{1,9}$/.test(value) && Number(value) >= least) return Number(value);
    throw new InvalidArgumentError(`It is a whole number from ${least} on.`);
  };
