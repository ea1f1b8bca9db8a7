import { didYouMean } from '../../diagnostics/suggest.ts';
import type { Form, JsonForm, LineForm, Origin } from '../../logsource/form.ts';
import { readLine, writeLine } from '../../logsource/forms.ts';
import type { LogSource } from '../../logsource/log-source.ts';
import { textOf, valueAt } from '../../logsource/raw-path.ts';
import type { LogSourceDocument } from '../../logsource/read.ts';
import type { OriginDocument } from '../../logsource/read-forms.ts';
import { resolveField } from '../../logsource/resolve.ts';
import { groupsOf } from '../../match/regex/capture.ts';
import { parseRegex } from '../../match/regex/parse.ts';
import { isMap } from '../../text/is-map.ts';
import type { YamlPath } from '../../yaml/read.ts';
import { depthProblem } from './field-depth.ts';
import type { Problem } from './problems.ts';

/** What is wrong with the forms of a log source, and with what it makes of other fields. */
export function formProblems(
  { forms = {}, extract = {} }: LogSourceDocument,
  source: LogSource,
): readonly Problem[] {
  return [
    ...lineFieldProblems(source),
    ...source.forms.flatMap((form) =>
      form.kind === 'line'
        ? lineProblems(form, source)
        : jsonProblems(form, forms[form.name]?.fields ?? {}, source),
    ),
    ...originsProblems(source.extract, extract, ['extract'], source, isField),
    ...[...source.extract].flatMap(([field, origins]) =>
      origins.flatMap(({ from }, index) => {
        const path = ['extract', field, ...keysTo(extract[field], index, 'from')];
        return fieldProblem(from.join('.'), path, source, isField);
      }),
    ),
  ];
}

/** A line is kept in a field. */
function lineFieldProblems({ raw, forms, fields }: LogSource): readonly Problem[] {
  const form = forms.find(({ kind }) => kind === 'line');
  if (form === undefined && raw !== 'line') return [];
  const path = form === undefined ? ['raw'] : ['forms', form.name];
  if (form === undefined) {
    const message = '"raw: line" is for records that come as lines, and no form of them has one.';
    return [{ path, code: 'source/form', message }];
  }
  if (fields.has('line')) return [];
  const message =
    'A log source whose records come as lines needs the field "line", which holds them.';
  return [{ path, code: 'source/form', message }];
}

function lineProblems(form: LineForm, source: LogSource): readonly Problem[] {
  const at = ['forms', form.name];
  const fields = [...form.fields.keys()];
  const unknown = fields.flatMap((field) =>
    fieldProblem(field, [...at, 'fields', field], source, isField),
  );
  const bad = regexProblem(form.line, [...at, 'line']);
  if (bad !== undefined) return [...unknown, bad];
  const { names } = groupsOf(form.line);
  const groups = [...form.fields].flatMap(([field, group]): readonly Problem[] => {
    if (names.includes(group)) return [];
    const message = `"line" of the form "${form.name}" has no group "${group}".`;
    const path = [...at, 'fields', field];
    return [{ path, code: 'source/form', message, hint: didYouMean(group, names) }];
  });
  const written = form.write.flatMap((part): readonly Problem[] => {
    if ('text' in part || form.fields.has(part.field)) return [];
    const message = `"write" names "${part.field}", which isn't among the fields of the form.`;
    const hint = didYouMean(part.field, fields);
    return [{ path: [...at, 'write'], code: 'source/form', message, hint }];
  });
  const found = [...unknown, ...groups, ...written];
  return found.length > 0 ? found : exampleProblems(form);
}

/** What is read of the example has to be the same when it is written and read again. */
function exampleProblems(form: LineForm): readonly Problem[] {
  const at = ['forms', form.name];
  const read = readLine(form.example, { forms: [form] });
  const problem = (key: string, message: string): readonly Problem[] => [
    { path: [...at, key], code: 'source/form', message },
  ];
  if (read === undefined) return problem('example', '"line" doesn\'t match the example.');
  const fields = [...form.fields.keys()];
  const without = fields.find((field) => textAt(read.record, field) === undefined);
  if (without !== undefined)
    return problem('example', `The example has no value for "${without}".`);
  const text = writeLine(form, read.record);
  const again = readLine(text, { forms: [form] })?.record;
  const lost = fields.find((field) => textAt(again, field) !== textAt(read.record, field));
  if (lost === undefined) return [];
  const shown = JSON.stringify(text);
  return problem(
    'write',
    `"write" makes ${shown} of the example, and "line" doesn't read "${lost}" back.`,
  );
}

function textAt(record: unknown, field: string): string | undefined {
  return textOf(valueAt(record, field.split('.')));
}

function jsonProblems(
  { name, fields }: JsonForm,
  given: Given,
  source: LogSource,
): readonly Problem[] {
  return originsProblems(fields, given, ['forms', name, 'fields'], source, isSubtree);
}

/** Fields that are made of something: of regular expressions that give a group. */
function originsProblems(
  fields: ReadonlyMap<string, readonly Origin[]>,
  given: Given,
  at: readonly string[],
  source: LogSource,
  isKnown: (source: LogSource, name: string) => boolean,
): readonly Problem[] {
  return [...fields].flatMap(([field, origins]) => {
    const regexes = origins.flatMap(({ match }, index): readonly Problem[] => {
      if (match === undefined) return [];
      const path = [...at, field, ...keysTo(given[field], index, 'match')];
      const bad = regexProblem(match, path);
      if (bad !== undefined) return [bad];
      if (groupsOf(match).count > 0) return [];
      const message = `The regular expression ${match} has no group that could give "${field}".`;
      return [{ path, code: 'source/form', message }];
    });
    return [...fieldProblem(field, [...at, field], source, isKnown), ...regexes];
  });
}

/** Origins of fields, as the file gives them. */
type Given = Readonly<Record<string, OriginDocument>>;

/** Where below a field one of its origins says a key; a path alone has no keys. */
function keysTo(
  given: OriginDocument | undefined,
  index: number,
  key: 'from' | 'match',
): readonly (string | number)[] {
  if (!isMap(given)) return [];
  if (!('first' in given) || !Array.isArray(given['first'])) return [key];
  return ['first', index, ...(isMap(given['first'][index]) ? [key] : [])];
}

/** Why a regular expression of a log source can't be used. */
export function regexProblem(regex: string, path: YamlPath): Problem | undefined {
  const parsed = parseRegex(regex, undefined, 're2');
  if (!('problem' in parsed)) return undefined;
  const at = regex.slice(parsed.at.start, parsed.at.end);
  const message = `The regular expression can't be used: ${parsed.problem.replace(/^It\b/, 'it')}${at === '' ? '' : `, at "${at}"`}.`;
  const hint = 'Regular expressions of log sources run in linear time, in the syntax of RE2.';
  return { path, code: 'source/regex', message, hint };
}

function fieldProblem(
  name: string,
  path: YamlPath,
  source: LogSource,
  isKnown: (source: LogSource, name: string) => boolean,
): readonly Problem[] {
  const deep = depthProblem(name, path);
  if (deep.length > 0 || isKnown(source, name)) return deep;
  const message = `"${name}" is no field of the log source with one value.`;
  return [
    { path, code: 'source/unknown-field', message, hint: didYouMean(name, source.fields.keys()) },
  ];
}

/** A field of one value, under its own name. */
function isField(source: LogSource, name: string): boolean {
  const field = source.aliases.has(name) ? undefined : resolveField(source, name);
  return field !== undefined && !field.many;
}

/** A field or a map of fields; lists can move as a whole. */
function isSubtree(source: LogSource, name: string): boolean {
  const steps = name.split('.');
  const within = (path: string): boolean => path === name || path.startsWith(`${name}.`);
  if ([...source.fields.keys(), ...source.open].some(within)) {
    return !source.arrays.some((array) =>
      steps.slice(0, -1).some((_, index) => array === steps.slice(0, index + 1).join('.')),
    );
  }
  return isField(source, name);
}

/** The form without those that have problems. */
export function soundForms(forms: readonly Form[], problems: readonly Problem[]): readonly Form[] {
  const wrong = problems.flatMap(({ path }) => (path[0] === 'forms' ? [path[1]] : []));
  return forms.filter(({ name }) => !wrong.includes(name));
}
