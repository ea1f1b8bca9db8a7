import { join } from 'node:path';
import type { BuiltFiles } from '../../backend/publisher.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { show } from '../../library/paths.ts';
import type { BuiltOutput } from '../../publish/built.ts';
import { builtBefore } from '../../publish/history.ts';
import type { Redactor } from '../../publish/redactor.ts';
import type { Site, World } from '../../publish/site.ts';
import { createSurroundings } from '../../publish/surroundings.ts';
import { systemClock } from '../../publish/time.ts';
import { connect } from '../../publish/transport/connect.ts';
import { fileStart } from '../../text/span.ts';
import { visible } from '../../text/visible.ts';
import type { Context } from '../context.ts';
import { createProgress } from '../progress.ts';
import type { Place } from './places.ts';

/** A destination with what is built for it, and the way to its SIEM. */
export interface OpenSite {
  readonly site: Site;
  readonly world: World;
  close(): Promise<void>;
}

/** The folder of a destination's state, journal and lock: below the root of the project, and none of git's business. */
function folderOf(root: string, destination: string): string {
  return join(root, '.siemc', 'publish', destination);
}

/** Opens a destination; nothing where what is built can't be published, which is reported. */
export function openSite(
  context: Context,
  { id, backend, publisher }: Place,
  { built, known, named }: BuiltOutput,
  { redactor, stop }: { readonly redactor: Redactor; readonly stop?: AbortSignal },
): OpenSite | undefined {
  const { cwd, project, tell } = context;
  let isSound = true;
  const desired = publisher.desired(built, (path, finding) => {
    if ((finding.severity ?? 'error') === 'error') isSound = false;
    context.report(foundIn(built, path, finding, show(cwd, project.output)));
  });
  if (!isSound) return undefined;
  const surroundings = createSurroundings({
    root: project.root,
    environment: process.env,
    clock: systemClock,
    redactor,
    authorities: publisher.authorities,
    stop,
  });
  let isWaiting = false;
  const waiting = (why: string): void => {
    if (!isWaiting) tell(`${visible(`${id}: ${why} It is tried again.`)}\n`);
    isWaiting = true;
  };
  const transport = connect({
    publisher,
    surroundings,
    clock: systemClock,
    redactor,
    stop,
    waiting,
  });
  let told = false;
  const tellOnce = (why: string): void => {
    if (!told) tell(`${visible(`${id}: ${why}`)}\n`);
    told = true;
  };
  const progress = progressOf(context, id);
  return {
    site: {
      destination: id,
      target: backend.id,
      title: backend.title,
      publisher,
      desired,
      known,
      named,
      history: () => builtBefore(project.output, id, tellOnce),
      folder: folderOf(project.root, id),
    },
    world: {
      clock: systemClock,
      transport,
      progress: progress.step,
      ...(stop !== undefined && { stop }),
    },
    async close() {
      progress.end();
      await transport.close();
      await surroundings.close();
    },
  };
}

function foundIn(
  { destination, read }: BuiltFiles,
  path: string,
  {
    code,
    severity = 'error',
    message,
    hint,
  }: Pick<Diagnostic, 'code' | 'message' | 'hint'> & {
    readonly severity?: Diagnostic['severity'];
  },
  output: string,
): Diagnostic {
  const file = { path: `${output}/${destination}/${path}`, text: read(path) ?? '' };
  const at = { file, span: fileStart };
  return { code, severity, message, at, ...(hint !== undefined && { hint }) };
}

/** Tells how many objects were written; their number is known once it is planned. */
function progressOf(
  { quiet }: Context,
  destination: string,
): { step(done: number, all: number): void; end(): void } {
  let progress: ReturnType<typeof createProgress> | undefined;
  return {
    step(_, all) {
      progress ??= createProgress(`publishing to ${destination}`, all, quiet);
      progress.step();
    },
    end: () => progress?.end(),
  };
}
