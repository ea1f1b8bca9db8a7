import { Argument, Command, Option } from 'commander';
import { version } from '../version.generated.js';
import type { ExitCode } from './exit.ts';
import { explainError } from './explain-error.ts';
import { atLeast, collect, format, percent, report, target } from './options.ts';
import { addPublishCommands } from './publish/commands.ts';

let code: ExitCode = 0;
const program = new Command('siemc')
  .description(
    'Compiles Sigma rules to Splunk SPL, Sentinel KQL and Chronicle YARA-L, and runs the compiled queries on sample logs, offline.',
  )
  .version(version, '-V, --version')
  .exitOverride()
  .showSuggestionAfterError()
  .addHelpText(
    'after',
    `
Exit codes: 0 fine; 1 findings, failed tests, refused rules or stale output; 2 misuse or bad
configuration; 3 a bug of siemc; 4 the environment failed.

Examples:
  siemc check                           check every rule of the project
  siemc compile rule.yml -t sentinel    print one query
  siemc build && siemc test             write dist-rules/ and run every case on every target`,
  );

/** A command with the options that all take. */
function plainCommand(name: string, description: string, examples: string): Command {
  return program
    .command(name)
    .description(description)
    .exitOverride()
    .option('-q, --quiet', 'only results and errors')
    .addHelpText('after', `\nExamples:\n${examples}`);
}

/** A command that works in a project. */
function command(name: string, description: string, examples: string): Command {
  return plainCommand(name, description, examples).option(
    '-c, --config <file>',
    'configuration file (default: siemc.config.yml, here or above up to the git root; or SIEMC_CONFIG)',
  );
}

plainCommand(
  'init',
  'Makes a rule repository: rules with tests, their built queries, continuous integration, editor settings.',
  `
  siemc init my-detections
  siemc init -t splunk,sentinel      in this folder, for these targets`,
)
  .argument('[dir]', 'the folder, which is made if there is none (default: this one)')
  .addOption(
    new Option(
      '-t, --target <id>',
      'a target of the new repository (default: all shipped ones; or SIEMC_TARGETS); repeatable, or several with commas',
    ).argParser(collect),
  )
  .action(async (dir: string | undefined, options) => {
    const { init } = await import('./init.ts');
    code = await init(dir, options);
  });

command(
  'new',
  'Makes a rule and its test, begun with a record or an example of a log.',
  `
  siemc new detections/aws/key-created.yml --source aws/cloudtrail
  siemc new detections/aws/trail-stopped.yml --event record.json
  siemc new detections/gcp/keys-en-masse.yml --source gcp/gcp.audit --kind count --title 'Many keys'`,
)
  .argument('<path>', 'the rule file; its test gets the same name with .test.yaml')
  .option('-e, --event <file>', 'a raw record that the rule has to find; - is standard input')
  .option('-s, --source <name>', 'the log source (default: the one that knows the record)')
  .addOption(
    new Option('-k, --kind <kind>', 'single events, many of one kind, or one and then another')
      .choices(['event', 'count', 'sequence'])
      .default('event'),
  )
  .option('--title <text>', 'what the rule is called (default: the log and what was done)')
  .option('--author <name>', 'who writes it (default: GIT_AUTHOR_NAME, or the name of the account)')
  .action(async (path: string, options) => {
    const { startRule } = await import('./new.ts');
    code = await startRule(path, options);
  });

command(
  'check',
  'Checks rules and their tests: schema, meaning, lint.',
  `
  siemc check
  siemc check 'detections/**/aws-*.yml' --format json
  siemc check --format github --report sarif=siemc.sarif`,
)
  .argument('[path...]', 'rule files, folders or globs (default: the detections folder)')
  .addOption(target())
  .addOption(format('pretty', 'json', 'sarif', 'github', 'gitlab'))
  .addOption(report('json', 'sarif', 'gitlab'))
  .action(async (paths: string[], options) => {
    const { check } = await import('./check.ts');
    code = await check(paths, options);
  });

command(
  'compile',
  'Compiles rules to queries.',
  `
  siemc compile detections/DC0026-image-deletion/aws-image-deregistered.yml -t splunk
  siemc compile rules/ -t sentinel -t chronicle -o out --allow-refused --report
  siemc compile rules/ --format json | jq .status`,
)
  .argument('<path...>', 'rule files, folders or globs')
  .addOption(target())
  .addOption(format('query', 'pretty', 'json'))
  .option('-o, --output <dir>', 'write one file a rule and target instead of printing')
  .option('--allow-refused', "exit 0 although a target can't say a rule")
  .option('--report', 'count compiled and refused rules by reason, on standard error')
  .option('--pipeline', 'show what each rule means before it is mapped, on standard error')
  .action(async (paths: string[], options) => {
    const { compile } = await import('./compile.ts');
    code = await compile(paths, options);
  });

command(
  'survey',
  'Writes queries that are no rules: whether a log arrives whole, what a list of the usual should hold.',
  `
  siemc survey health --source aws/cloudtrail -t splunk
  siemc survey baseline detections/T1578.003-delete-cloud-instance -t sentinel --over 90d --at-least 3`,
)
  .addArgument(new Argument('<kind>', 'what to survey').choices(['health', 'baseline']))
  .argument('[path...]', 'baseline: the rules that ask the lists, as files, folders or globs')
  .addOption(target())
  .addOption(format('query', 'json'))
  .option('-s, --source <name>', 'health: only of this log source (default: all)')
  .option(
    '--over <span>',
    'how far to look back (default: 1d for health; what the list says, or 30d)',
  )
  .option(
    '--at-least <n>',
    'baseline: how many events make a value usual (default: what the list says, or 1)',
  )
  .option('-o, --output <dir>', 'write one file a query and target instead of printing')
  .action(async (kind: string, paths: string[], options) => {
    const { survey } = await import('./survey.ts');
    code = await survey(kind, paths, options);
  });

command(
  'build',
  'Writes the queries, pages and manifest of every rule to dist-rules/.',
  `
  siemc build
  siemc build --check      exit 1 and show the diff when dist-rules/ is stale`,
)
  .addOption(target().hideHelp())
  .option('--check', 'write nothing: fail and show the diff when the output is stale')
  .addOption(format('pretty', 'json', 'sarif', 'github', 'gitlab'))
  .addOption(report('json', 'sarif', 'gitlab'))
  .action(async (options) => {
    const { build } = await import('./build.ts');
    code = await build(options);
  });

command(
  'diff',
  'Shows what a change does: rules, queries, verdicts of tests, on the two sides of it.',
  `
  siemc diff main                          the work tree against a branch
  siemc diff v1.0 v1.1 --format html -o diff.html
  siemc diff "$(git merge-base origin/main HEAD)" --format markdown > comment.md
  siemc diff ../before ../after            two folders`,
)
  .argument('<base>', 'the state before: a git revision, or the folder of a project')
  .argument('[head]', 'the state after (default: the work tree)')
  .addOption(target())
  .addOption(format('pretty', 'markdown', 'html', 'json'))
  .addOption(report('markdown', 'html', 'json'))
  .option('-o, --output <file>', 'write to a file instead of printing')
  .addOption(
    new Option('--max-length <n>', 'markdown: the most characters; what is cut is told')
      .argParser(atLeast(1000))
      .default(60_000),
  )
  .option('--exit-code', 'exit 1 when anything differs')
  .option('--whole', 'compile all rules of both sides, also those that no changed file can affect')
  .action(async (base: string, head: string | undefined, options) => {
    const { diff } = await import('./diff.ts');
    code = await diff(base, head, options);
  });

command(
  'coverage',
  'Counts rules and tests by objects of ATT&CK, providers and targets, and says why some are missing.',
  `
  siemc coverage
  siemc coverage --format json | jq '.objects[].rows[]'
  siemc coverage --navigator > layer.json     a layer for the ATT&CK Navigator`,
)
  .addOption(target())
  .option('--navigator', 'print a layer for the ATT&CK Navigator (layer format 4.5)')
  .addOption(format('pretty', 'markdown', 'json'))
  .action(async (options) => {
    const { coverage } = await import('./coverage.ts');
    code = await coverage(options);
  });

command(
  'test',
  'Runs the test cases of rules on their meaning and on each compiled query.',
  `
  siemc test
  siemc test detections/T1578.003-delete-cloud-instance -t splunk
  siemc test --format github --report junit=siemc-tests.xml
  siemc test --mutate --min-score 95   whether the tests notice slips in the rules`,
)
  .argument('[path...]', 'rule files, folders or globs (default: the detections folder)')
  .addOption(target())
  .addOption(format('pretty', 'json', 'junit', 'github'))
  .addOption(report('json', 'junit'))
  .option(
    '--mutate',
    'run the cases on small slips in each rule, and show those that none fails on',
  )
  .addOption(percent('--min-score <percent>', 'fail when fewer mutants of all rules are killed'))
  .addOption(
    percent('--min-rule-score <percent>', 'fail when fewer mutants of any rule are killed'),
  )
  .action(async (paths: string[], options) => {
    const { test } = await import('./test.ts');
    code = await test(paths, options);
  });

command(
  'query',
  'Runs a query text of a target on events, offline.',
  `
  siemc query -t splunk --query 'search eventName=CreateImage | table eventName, sourceIPAddress' \\
    --events events.jsonl --source aws/cloudtrail
  siemc query -t sentinel --query-file hunt.kql --events rows.jsonl --native --format json`,
)
  .addOption(target())
  .option('--query <text>', 'the query')
  .option('--query-file <file>', 'a file that holds the query')
  .option('-e, --events <file>', 'JSON lines or a JSON array; - is standard input')
  .option('-s, --source <name>', 'the events are raw records of this log source (aws/cloudtrail)')
  .option('--native', "the events are in the target's own layout")
  .option('--now <time>', 'the time of the run (default: the start of this day, UTC)')
  .addOption(format('table', 'pretty', 'json', 'ndjson'))
  .action(async (options) => {
    const { query } = await import('./query.ts');
    code = await query(options);
  });

addPublishCommands(program, (exit) => {
  code = exit;
});

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Whoever reads our output may stop early (`siemc compile … | head`).
  process.exit(error.code === 'EPIPE' ? code : 4);
});
process.stderr.on('error', () => {
  // Nobody listens: the work goes on.
});

program
  .parseAsync()
  .catch((error: unknown) => {
    code = explainError(error);
  })
  .finally(() => {
    process.exitCode = code;
  });
