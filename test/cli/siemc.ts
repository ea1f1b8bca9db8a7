import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** What a run of the bundled command gave. */
export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The bundled command. */
export const bin: string = resolve('dist/siemc.cjs');

/** Runs the command line as a user does: the bundle, in a process of its own. */
export function siemc(
  args: readonly string[],
  options: {
    readonly cwd?: string;
    readonly env?: Record<string, string>;
    readonly input?: string;
    /** Run as this user, where the tests run as root. */
    readonly uid?: number;
  } = {},
): Outcome {
  const env = environment(options.env);
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    cwd: options.cwd,
    env,
    input: options.input ?? '',
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return { code: status, out: stdout, err: stderr };
}

/** The same beside what the test does meanwhile: servers that it asks may be the test's. */
export function siemcBeside(
  args: readonly string[],
  options: {
    readonly cwd?: string;
    readonly env?: Record<string, string>;
    started?(child: ChildProcess): void;
  } = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const { cwd, env } = options;
    const own = { cwd, env: environment(env), stdio: 'pipe' as const };
    const child = spawn(process.execPath, [bin, ...args], own);
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString('utf8');
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString('utf8');
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
    child.stdin.end();
    options.started?.(child);
  });
}

function environment(own: Record<string, string> | undefined): NodeJS.ProcessEnv {
  return {
    ...process.env,
    FORCE_COLOR: undefined,
    NO_COLOR: undefined,
    SIEMC_CONFIG: undefined,
    SIEMC_TARGETS: undefined,
    ...own,
  };
}

/** A new folder with these files. */
export function folderOf(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'siemc-')));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** A rule that is fine. */
export const goodRule = `title: Image created
id: 11111111-2222-4333-8444-555555555555
status: test
logsource: { product: aws, service: cloudtrail }
detection:
  selection:
    eventSource: ec2.amazonaws.com
    eventName: CreateImage
  filter:
    errorCode|exists: true
  condition: selection and not filter
level: low
`;

/** Its tests. */
export const goodTest = `cases:
  - name: made
    expect: match
    events: [{ eventSource: ec2.amazonaws.com, eventName: CreateImage }]
  - name: failed
    expect: none
    events: [{ eventSource: ec2.amazonaws.com, eventName: CreateImage, errorCode: Client.UnauthorizedOperation }]
`;
