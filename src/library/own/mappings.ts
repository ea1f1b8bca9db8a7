import type { Backend } from '../../backend/backend.ts';
import type { Report } from '../../diagnostics/diagnostic.ts';
import { didYouMean } from '../../diagnostics/suggest.ts';
import type { MappingDocument } from '../../fields/read.ts';
import type { LogSource } from '../../logsource/log-source.ts';
import type { Project } from '../config.ts';
import { backendProblems } from './backend-problems.ts';
import { groupedBy, type Merged, mergeDocuments, readDocuments } from './documents.ts';
import { ownFiles } from './files.ts';
import { entryProblems } from './mapping-problems.ts';
import { type Content, mappingShape, overlay } from './overlay.ts';
import { missingKeys, type Problem, tellProblems } from './problems.ts';

/** The words of mapping files. */
const keys = [
  ...['target', 'source', 'parser', 'scope', 'variants', 'fields', 'path', 'type', 'keeps'],
  ...['holds', 'absent', 'places', 'none', 'absence', 'equals', 'otherwise', 'evidence', 'basis'],
];

/** A project's mappings. */
export interface OwnMappings {
  /** A backend with the project's mappings of its target over its own. */
  on(backend: Backend): Backend;
}

/** What the project's files say of one log source on one target. */
interface OwnMapping {
  readonly target: string;
  readonly source: LogSource;
  readonly merged: Merged;
}

/** Reads the project's mappings; what a backend knows better is told when they are put on it. */
export async function loadMappings(
  project: Project,
  cwd: string,
  known: { readonly sources: readonly LogSource[]; readonly targets: readonly string[] },
  report: Report,
): Promise<OwnMappings> {
  if (project.mappings.length === 0) return { on: (backend) => backend };
  const { validate } = await import('../../fields/mapping.schema.generated.js');
  const files = ownFiles(project.mappings, project, cwd, report);
  const documents = readDocuments(files, { validate, keys }, report);
  const groups = groupedBy(documents, ({ content }) =>
    JSON.stringify([content['target'], content['source']]),
  );
  const mappings = [...groups.values()].flatMap((group): readonly OwnMapping[] => {
    const merged = mergeDocuments(group, mappingShape, 'mapping/clash', report);
    const mapping = checked(merged, known, report);
    return mapping === undefined ? [] : [mapping];
  });
  const made = new Map<Backend, Backend>();
  return {
    on(backend) {
      const own = mappings.filter(({ target }) => target === backend.id);
      const result =
        made.get(backend) ?? (own.length === 0 ? backend : withMappings(backend, own, report));
      made.set(backend, result);
      return result;
    },
  };
}

/** The mapping with its wrong entries refused; nothing where its target or its log source isn't known. */
function checked(
  merged: Merged,
  {
    sources,
    targets,
  }: { readonly sources: readonly LogSource[]; readonly targets: readonly string[] },
  report: Report,
): OwnMapping | undefined {
  const { content } = merged;
  const { target, source: name } = content;
  const source = sources.find((one) => one.name === name);
  const head = [
    ...missingKeys(content, ['target']),
    ...(target === undefined || targets.includes(String(target))
      ? []
      : [unknown('target', String(target), targets)]),
    ...(source === undefined
      ? [
          unknown(
            'source',
            String(name),
            sources.map((one) => one.name),
          ),
        ]
      : []),
  ];
  const entries = source === undefined ? [] : entryProblems(fieldsOf(content), source);
  tellProblems([...head, ...entries], merged, report);
  if (source === undefined || head.length > 0) return undefined;
  return {
    target: String(target),
    source,
    merged: { ...merged, content: refusing(content, entries) },
  };
}

function unknown(key: 'target' | 'source', name: string, known: readonly string[]): Problem {
  const what = key === 'target' ? 'target' : 'log source';
  const hint = didYouMean(name, known) ?? `The ${what}s are ${known.join(', ')}.`;
  const message = `There is no ${what} "${name}".`;
  return { path: [key], code: `mapping/unknown-${key}`, message, hint };
}

/** The backend with mappings over its own; what it can't read is told, and refused in rules. */
function withMappings(backend: Backend, own: readonly OwnMapping[], report: Report): Backend {
  const sources = own.map(({ source }) => source.name);
  const others = backend.fields.filter(({ document }) => !sources.includes(sourceOf(document)));
  const made = own.flatMap(({ source, merged }) => {
    const base = backend.fields.find(({ document }) => sourceOf(document) === source.name);
    const on = { backend, source, base: (base?.document ?? {}) as Content };
    const document = mappingOn(on, merged, report);
    return document === undefined ? [] : [{ path: merged.placeOf(['source']).file.path, document }];
  });
  return { ...backend, fields: [...others, ...made] };
}

/** A target, a log source, and the mapping that the target has of it by itself. */
interface Base {
  readonly backend: Backend;
  readonly source: LogSource;
  readonly base: Content;
}

function mappingOn(
  { backend, source, base }: Base,
  merged: Merged,
  report: Report,
): Content | undefined {
  const { content } = merged;
  const { target: _target, ...given } = content;
  const whole = overlay(base, given, mappingShape);
  const missing = missingKeys(whole, ['scope', 'variants', 'fields']);
  if (missing.length > 0) {
    const hint = `${backend.title} has no other mapping of ${String(whole['source'])}.`;
    tellProblems(
      missing.map((one) => ({ ...one, hint })),
      merged,
      report,
    );
    return undefined;
  }
  const { scope } = whole as unknown as MappingDocument;
  const problem = backend.scopeProblem?.(scope);
  if (problem !== undefined) {
    tellProblems([{ path: ['scope'], code: 'mapping/scope', message: problem }], merged, report);
    return undefined;
  }
  const own = { ...(whole as unknown as MappingDocument), fields: fieldsOf(content) };
  const problems = backendProblems(backend, source, own);
  tellProblems(problems, merged, report);
  return refusing(whole, problems);
}

/** The same content, in which fields with problems have no place. */
function refusing(content: Content, problems: readonly Problem[]): Content {
  const wrong = new Set(
    problems.flatMap(({ path: [key, name] }) => (key === 'fields' ? [name] : [])),
  );
  const fields = Object.entries(fieldsOf(content)).map(([name, entry]) => [
    name,
    wrong.has(name)
      ? { none: 'Its place in the mapping has errors.', evidence: 'assumed', basis: 'none' }
      : entry,
  ]);
  return { ...content, fields: Object.fromEntries(fields) };
}

function fieldsOf(content: Content): MappingDocument['fields'] {
  return (content['fields'] ?? {}) as MappingDocument['fields'];
}

function sourceOf(document: unknown): string {
  return String(Object(document)['source']);
}
