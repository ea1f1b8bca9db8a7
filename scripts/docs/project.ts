import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from './files.ts';
import type { Finding } from './findings.ts';

/** What commands find in a project of these files. */
export function findingsIn(
  files: Readonly<Record<string, string>>,
  commands: readonly ('check' | 'test' | 'build' | 'test --mutate')[],
): readonly Finding[] {
  const folder = mkdtempSync(join(tmpdir(), 'siemc-docs-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return commands.flatMap((command) => read(run(command, folder)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function run(command: string, cwd: string): string {
  const options = ['--import', import.meta.resolve('tsx'), '--conditions=source'];
  const args = [...options, join(root, 'src/cli/main.ts'), ...command.split(' ')];
  const env = { ...process.env, NO_COLOR: '1', SIEMC_CONFIG: undefined, SIEMC_TARGETS: undefined };
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    cwd,
    env: { ...env, FORCE_COLOR: undefined },
    encoding: 'utf8',
  });
  return `${stdout}\n\n${stderr}`;
}

/** Findings as the command line shows them, in the form of the cases. */
function read(text: string): readonly Finding[] {
  return text.split(/\n\n+/).flatMap((block) => {
    const head = /^(\S+) (error|warning|note) (.*) ([a-z]+\/[a-z0-9-]+)(?:\n|$)/.exec(block);
    if (head === null) return [];
    const [all, where = '', severity = '', message = '', code = ''] = head;
    const rest = block.slice(all.length).replace(/^ {2}(?=\S)(?!\d+ \|)(.*)$/m, 'hint: $1');
    const shown = [`${where} ${severity} ${code}`, message, ...(rest === '' ? [] : [rest])];
    return [{ code, severity, shown: shown.join('\n').trimEnd(), case: undefined }];
  });
}
