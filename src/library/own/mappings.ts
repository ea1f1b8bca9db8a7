import type { Backend } from '../../backend/backend.ts';
import type { Report } from '../../diagnostics/diagnostic.ts';
import { didYouMean } from '../../diagnostics/suggest.ts';
import type { MappingDocument } from '../../fields/read.ts';
import type { LogSource } from '../../logsource/log-source.ts';
import type { ChoiceSetting } from '../project/choice-settings.ts';
import type { Project } from '../project/config.ts';
import type { NamedPath } from '../project/named-path.ts';
import { backendProblems, preludeProblem } from './backend-problems.ts';
import { choicesOf, chosen, knownChoices, knownSettings } from './choices.ts';
import { groupedBy, type Merged, mergeDocuments, readDocuments } from './documents.ts';
import { ownFiles } from './files.ts';
import { entryProblems } from './mapping-problems.ts';
import { lostText, movedProblems } from './moved-fields.ts';
import { type Content, mappingShape, overlay } from './overlay.ts';
import { missingKeys, type Problem, tellProblems } from './problems.ts';

/** The words of mapping files. */
const keys = [
  ...['target', 'source', 'parser', 'scope', 'variants', 'fields', 'path', 'type', 'keeps'],
  ...['choices', 'about', 'prelude', 'values', 'stored'],
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

/** Reads the project's mappings and choices; what a backend knows better is told when they are put on it. */
export async function loadMappings(
  project: Project,
  cwd: string,
  known: { readonly sources: readonly LogSource[]; readonly targets: readonly string[] },
  report: Report,
): Promise<OwnMappings> {
  const mappings = await readMappings(project, cwd, known, report);
  const sources = known.sources.map(({ name }) => name);
  const settings = knownSettings(project.choices, { ...known, sources }, report);
  const made = new Map<Backend, Backend>();
  return {
    on(backend) {
      const own = mappings.filter(({ target }) => target === backend.id);
      const choices = settings.filter(({ target }) => target.name === backend.id);
      const result =
        made.get(backend) ??
        (own.length + choices.length === 0 ? backend : withMappings(backend, own, choices, report));
      made.set(backend, result);
      return result;
    },
  };
}

async function readMappings(
  project: Project,
  cwd: string,
  known: { readonly sources: readonly LogSource[]; readonly targets: readonly string[] },
  report: Report,
): Promise<readonly OwnMapping[]> {
  if (project.mappings.length === 0) return [];
  const { validate } = await import('../../fields/mapping.schema.generated.js');
  const files = ownFiles(project.mappings, project, cwd, report);
  const documents = readDocuments(files, { validate, keys }, report);
  const groups = groupedBy(documents, ({ content }) =>
    JSON.stringify([content['target'], content['source']]),
  );
  return [...groups.values()].flatMap((group): readonly OwnMapping[] => {
    const merged = mergeDocuments(group, mappingShape, 'mapping/clash', report);
    const mapping = checked(merged, known, report);
    return mapping === undefined ? [] : [mapping];
  });
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
  const entries =
    source === undefined ? [] : inAll(content, (part) => entryProblems(fieldsOf(part), source));
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

/**
 * The backend with mappings over its own, and with the choices made; what it can't read is told, and refused in rules.
 */
function withMappings(
  backend: Backend,
  own: readonly OwnMapping[],
  settings: readonly ChoiceSetting[],
  report: Report,
): Backend {
  const sources = [
    ...new Set([
      ...own.map(({ source }) => source.name),
      ...settings.map(({ source }) => source.name),
    ]),
  ];
  const others = backend.fields.filter(({ document }) => !sources.includes(sourceOf(document)));
  const made = sources.flatMap((name) => {
    const shipped = backend.fields.find(({ document }) => sourceOf(document) === name);
    const base = (shipped?.document ?? {}) as Content;
    const mine = own.find(({ source }) => source.name === name);
    const offered = [base, mine?.merged.content ?? {}].flatMap((one) => [...choicesOf(one).keys()]);
    const choices = settings
      .filter(({ source }) => source.name === name)
      .flatMap((setting) => knownChoices(setting, backend, offered, report));
    const path = mine?.merged.placeOf(['source']).file.path ?? shipped?.path ?? '';
    const document =
      mine === undefined
        ? shipped && chosen(base, namesOf(choices))
        : mappingOn({ backend, source: mine.source, base, choices }, mine.merged, report);
    return document === undefined ? [] : [{ path, document }];
  });
  return { ...backend, fields: [...others, ...made] };
}

/** A target, a log source, the mapping that the target has of it by itself, and the choices that are made. */
interface Base {
  readonly backend: Backend;
  readonly source: LogSource;
  readonly base: Content;
  readonly choices: readonly NamedPath[];
}

function mappingOn(
  { backend, source, base, choices }: Base,
  merged: Merged,
  report: Report,
): Content | undefined {
  const { target: _target, ...given } = merged.content;
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
  const over = (part: Content): MappingDocument =>
    overlay(whole, part, mappingShape) as unknown as MappingDocument;
  const heads = inAll(given, (part): readonly Problem[] => {
    const { scope, prelude } = over(part);
    const problems = [
      { path: ['scope'], code: 'mapping/scope', message: backend.scopeProblem?.(scope) },
      { path: ['prelude'], code: 'mapping/prelude', message: preludeProblem(backend, prelude) },
    ];
    return problems.flatMap(({ message, ...at }) =>
      message === undefined ? [] : [{ ...at, message }],
    );
  });
  tellProblems(heads, merged, report);
  if (heads.length > 0) return undefined;
  const problemsOf = (document: MappingDocument): readonly Problem[] =>
    backendProblems(backend, source, document);
  const problems = inAll(given, (part) => problemsOf({ ...over(part), fields: fieldsOf(part) }));
  const moved = inAll(given, (part) => movedProblems(part, over(part), problemsOf));
  tellProblems([...problems, ...moved], merged, report);
  const made = namesOf(choices);
  const own = chosen(refusing(given, problems), made);
  const result = overlay(chosen(base, made), own, mappingShape);
  const lost = problemsOf(result as unknown as MappingDocument);
  const message = moved.length > 0 ? undefined : lostText(lost, 'these choices');
  const [at] = choices.map((choice) => choice.at);
  if (message !== undefined && at !== undefined)
    report({ code: 'mapping/place', severity: 'error', message, at });
  return refusing(result, lost);
}

function namesOf(choices: readonly NamedPath[]): readonly string[] {
  return choices.map(({ name }) => name);
}

/** What is wrong in a file by itself, and in each of its choices. */
function inAll(
  content: Content,
  problemsOf: (part: Content) => readonly Problem[],
): readonly Problem[] {
  const inChoices = [...choicesOf(content)].flatMap(([name, choice]) =>
    problemsOf(choice).map((one) => ({ ...one, path: ['choices', name, ...one.path] })),
  );
  return [...problemsOf(content), ...inChoices];
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
  const choices = [...choicesOf(content)].map(([name, choice]) => {
    const inside = problems.filter(({ path }) => path[0] === 'choices' && path[1] === name);
    return [
      name,
      refusing(
        choice,
        inside.map((one) => ({ ...one, path: one.path.slice(2) })),
      ),
    ];
  });
  return {
    ...content,
    fields: Object.fromEntries(fields),
    ...(choices.length > 0 && { choices: Object.fromEntries(choices) }),
  };
}

function fieldsOf(content: Content): MappingDocument['fields'] {
  return (content['fields'] ?? {}) as MappingDocument['fields'];
}

function sourceOf(document: unknown): string {
  return String(Object(document)['source']);
}
