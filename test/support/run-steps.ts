import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bin, folderOf } from '../cli/siemc.ts';

/** A step of a workflow or an action. */
export interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** What a step did. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/**
 * Runs shell steps as GitHub's runner does: each in a new bash that stops at the first failure, with its own environment, in
 * which expressions stand only for inputs, the token and outputs of the steps before it.
 */
export async function runSteps(
  steps: readonly Step[],
  cwd: string,
  given: {
    readonly inputs?: Readonly<Record<string, string>>;
    readonly env?: Record<string, string>;
  },
): Promise<readonly Ran[]> {
  const temp = folderOf({ output: '', 'step.sh': '' });
  const outputs = new Map<string, Readonly<Record<string, string>>>();
  const ran: Ran[] = [];
  for (const step of steps) {
    writeFileSync(join(temp, 'output'), '');
    writeFileSync(join(temp, 'step.sh'), step.run ?? '');
    const own = Object.entries(step.env ?? {}).map(([name, value]) => [
      name,
      value.replace(/\$\{\{ (.*?) \}\}/g, (_, expression: string) => {
        const [root = '', id = '', kind, name = ''] = expression.split('.');
        if (root === 'inputs') return given.inputs?.[id] ?? '';
        if (root === 'steps' && kind === 'outputs') return outputs.get(id)?.[name] ?? '';
        if (expression === 'github.token') return 'secret';
        throw new Error(`The expression ${expression} isn't known.`);
      }),
    ]);
    const env = {
      PATH: process.env['PATH'],
      HOME: temp,
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_OUTPUT: join(temp, 'output'),
      RUNNER_TEMP: temp,
      npm_config_update_notifier: 'false',
      ...given.env,
      ...Object.fromEntries(own),
    };
    const { code, out } = await bash(join(temp, 'step.sh'), cwd, env);
    const lines = readFileSync(join(temp, 'output'), 'utf8').split('\n');
    const said = Object.fromEntries(
      lines.flatMap((line) => [line.split(/=(.*)/s)].filter(([name]) => name)),
    );
    if (step.id !== undefined) outputs.set(step.id, said);
    ran.push({ code, out, outputs: said });
  }
  return ran;
}

function bash(
  script: string,
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly code: number; readonly out: string }> {
  return new Promise((done) => {
    const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        out += text;
      });
    child.on('close', (code) => done({ code: code ?? -1, out }));
  });
}

/** Installs siemc as npm would. */
export function installSiemc(cwd: string): void {
  const modules = join(cwd, 'node_modules');
  mkdirSync(join(modules, '.bin'), { recursive: true });
  symlinkSync(resolve('.'), join(modules, 'siemc'));
  symlinkSync(bin, join(modules, '.bin/siemc'));
  appendFileSync(join(cwd, '.gitignore'), 'node_modules\n');
}
