import { type Command, Option } from 'commander';
import type { ExitCode } from '../exit.ts';
import { atLeast, collect, format, report } from '../options.ts';

/** Adds `siemc publish` and what belongs to it; each is loaded when it runs, and ends with an exit code. */
export function addPublishCommands(program: Command, end: (code: ExitCode) => void): void {
  const publish = program
    .command('publish')
    .description('Brings what is built to the SIEMs, and says how they stand to it.')
    .exitOverride()
    .addHelpText(
      'after',
      `
Examples:

  siemc publish plan                     what an apply would do
  siemc publish plan --format json -o plan.json && siemc publish apply plan.json
  siemc publish status                   what is in the SIEMs against what is built`,
    );

  publishPlanning(
    publish,
    'plan',
    'Shows what an apply would do. Changes nothing.',
    `
  siemc publish plan
  siemc publish plan -d splunk-prod --requests
  siemc publish plan --format json -o plan.json --report markdown=plan.md`,
  )
    .option('--requests', 'show the requests, too, as they are sent')
    .option('--exit-code', 'exit 1 when anything is to be done or decided')
    .action(async (options) => {
      const { plan } = await import('./plan.ts');
      end(await plan(options));
    });

  publishPlanning(
    publish,
    'apply',
    'Makes the SIEMs as is built, but for what was edited there.',
    `
  siemc publish apply
  siemc publish apply plan.json          only if that is still what would be done
  siemc publish apply -d sentinel --rule 'AWS Machine Image Copied'`,
  )
    .argument('[plan]', 'a plan that was saved with "plan --format json -o"')
    .addOption(maxDeletes())
    .action(async (file: string | undefined, options) => {
      const { apply } = await import('./apply.ts');
      end(await apply(file, options));
    });

  publishReport(
    publish,
    'status',
    'Says how the SIEMs stand to what is built. Changes nothing there.',
    `
  siemc publish status
  siemc publish status --rebuild         when the state was lost`,
  )
    .option('--rebuild', 'write the state anew, from what is there and from the commits of git')
    .option('--exit-code', 'exit 1 when anything was edited or deleted in a SIEM, or is in the way')
    .action(async (options) => {
      const { status } = await import('./status.ts');
      end(await status(options));
    });

  publishPlanning(
    publish,
    'rollback',
    'Makes the SIEMs as was built at an earlier commit.',
    `
  siemc publish rollback HEAD~1 --plan   only shows what would be done
  siemc publish rollback v1.4 --rule d67f62df-c008-4791-a0b8-b616a3fe2e55`,
  )
    .argument('<revision>', 'a git revision')
    .option('--plan', 'only show what would be done')
    .option('--requests', 'with --plan: show the requests, too, as they are sent')
    .addOption(maxDeletes())
    .action(async (revision: string, options) => {
      const { rollback } = await import('./rollback.ts');
      end(await rollback(revision, options));
    });

  publishCommand(
    publish,
    'export',
    'Writes what is in the SIEMs to files.',
    `
  siemc publish export -o siem
  siemc publish export -d splunk-prod --all -o siem`,
  )
    .requiredOption('-o, --output <dir>', 'the folder: empty, or with an earlier export only')
    .option('--all', 'also what other people made')
    .action(async (options) => {
      const { exportAll } = await import('./export.ts');
      end(await exportAll(options));
    });
}

/** A command about the destinations that say where to publish. */
function publishCommand(
  publish: Command,
  name: string,
  description: string,
  examples: string,
): Command {
  return publish
    .command(name)
    .description(description)
    .exitOverride()
    .option('-q, --quiet', 'only results and errors')
    .option(
      '-c, --config <file>',
      'configuration file (default: siemc.config.yml, here or above up to the git root; or SIEMC_CONFIG)',
    )
    .addOption(
      new Option(
        '-d, --destination <id>',
        'a destination (default: all that have "publish:"); repeatable, or several with commas',
      ).argParser(collect),
    )
    .addHelpText('after', `\nExamples:\n${examples}`);
}

/** The same, with a report on it. */
function publishReport(
  publish: Command,
  name: string,
  description: string,
  examples: string,
): Command {
  return publishCommand(publish, name, description, examples)
    .addOption(format('pretty', 'json', 'markdown'))
    .addOption(report('json', 'markdown'))
    .option('-o, --output <file>', 'write the report to a file instead of printing');
}

/** The same, of what is planned. */
function publishPlanning(
  publish: Command,
  name: string,
  description: string,
  examples: string,
): Command {
  return publishReport(publish, name, description, examples)
    .addOption(
      new Option(
        '--rule <name>',
        'only this rule and what it needs: its id, path or title; repeatable',
      ).argParser((value, before: readonly string[] = []) => [...before, value]),
    )
    .option('--overwrite-drift', 'make also what was edited or deleted in the SIEM as it is built')
    .option('--delete', 'delete what is not built any more, instead of disabling it');
}

const maxDeletes = (): Option =>
  new Option('--max-deletes <n>', 'write nothing if more would be disabled or deleted')
    .argParser(atLeast(0))
    .default(10);
