import { didYouMean } from '../../diagnostics/suggest.ts';
import { maxNesting, nestingOf } from '../../logsource/derived.ts';
import type { LogSource } from '../../logsource/log-source.ts';
import type { LogSourceDocument } from '../../logsource/read.ts';
import { resolveField } from '../../logsource/resolve.ts';
import { foldCase } from '../../match/case-fold.ts';
import { depthProblem } from './field-depth.ts';
import { formProblems } from './form-problems.ts';
import { operationProblems } from './operation-problems.ts';
import type { Problem } from './problems.ts';

/** What a log source says that can't be so, each with the setting that is at fault. */
export function sourceProblems(document: LogSourceDocument, source: LogSource): readonly Problem[] {
  return [
    ...fieldProblems(document),
    ...onlyProblems(source),
    ...sameProblems(source),
    ...namedFieldProblems(source),
    ...aliasProblems(source),
    ...derivedProblems(document, source),
    ...formProblems(document, source),
    ...healthProblems(document, source),
    ...operationProblems(document.operation, source),
  ];
}

function fieldProblems({ fields }: LogSourceDocument): readonly Problem[] {
  const deep = Object.keys(fields).flatMap((name) => depthProblem(name, ['fields', name]));
  const odd = Object.keys(fields)
    .filter((name) => name.split('.').includes('') || name.includes('|') || name.includes('*'))
    .map((name) => ({
      path: ['fields', name],
      code: 'source/field-name',
      message: `"${name}" can't name a field: it is the keys of the record, joined by dots, without "|" and "*".`,
    }));
  return [...deep, ...odd];
}

/** What tells the only events that have a field is another field. */
function onlyProblems({ fields }: LogSource): readonly Problem[] {
  return [...fields.values()].flatMap(({ name, only }): readonly Problem[] => {
    if (only === undefined || (fields.has(only.field) && only.field !== name)) return [];
    const path = ['fields', name, 'only'];
    const message = `"only" of "${name}" names "${only.field}", which is no other field of the log source.`;
    const hint = didYouMean(only.field, fields.keys());
    return [{ path, code: 'source/unknown-field', message, hint }];
  });
}

/** A text says the same as those of one group: no letter case makes it another text. */
function sameProblems({ fields }: LogSource): readonly Problem[] {
  return [...fields.values()].flatMap(({ name, same }): readonly Problem[] => {
    const seen = new Set<string>();
    return same.flatMap((group, at) =>
      group.flatMap((text, index): readonly Problem[] => {
        const before = seen.has(foldCase(text));
        seen.add(foldCase(text));
        const message = `"${text}" stands twice among the texts of "${name}" that say the same.`;
        const path = ['fields', name, 'same', at, index];
        return before ? [{ path, code: 'source/same-text', message }] : [];
      }),
    );
  });
}

/** The time and the unit of an operation are declared fields with one value. */
function namedFieldProblems({ time, unit, fields }: LogSource): readonly Problem[] {
  const named = [
    ['time', time],
    ['unit', unit],
  ] as const;
  return named.flatMap(([key, name]): readonly Problem[] => {
    if (name === undefined) return [];
    const field = fields.get(name);
    if (field === undefined) {
      const message = `"${key}" names "${name}", which isn't among the fields.`;
      const hint = didYouMean(name, fields.keys());
      return [{ path: [key], code: 'source/unknown-field', message, hint }];
    }
    if (!field.many) return [];
    const message = `"${key}" names "${name}", which may have several values.`;
    return [{ path: [key], code: 'source/many-values', message }];
  });
}

function aliasProblems(source: LogSource): readonly Problem[] {
  return [...source.aliases].flatMap(([name, target]): readonly Problem[] => {
    const path = ['aliases', name];
    if (name === '') {
      const message = 'An alias needs a name: "" is none that a rule could write.';
      return [{ path, code: 'source/alias', message }];
    }
    if (source.fields.has(name) && target !== name) {
      const message = `The alias "${name}" hides the field of that name.`;
      return [{ path, code: 'source/alias', message }];
    }
    if (resolveField({ ...source, aliases: new Map() }, target) !== undefined) return [];
    const message = `The alias "${name}" leads to "${target}", which is no field of the log source.`;
    const hint = didYouMean(target, source.fields.keys());
    return [{ path, code: 'source/unknown-field', message, hint }];
  });
}

function derivedProblems(
  { derived = {} }: LogSourceDocument,
  source: LogSource,
): readonly Problem[] {
  const nesting = nestingOf(derived);
  return Object.entries(derived).flatMap(([name, { coalesce }]): readonly Problem[] => {
    const path = ['derived', name];
    if (name === '') {
      const message = 'A derived field needs a name.';
      return [{ path, code: 'source/derived', message }];
    }
    if (source.fields.has(name) || source.aliases.has(name)) {
      const what = source.fields.has(name) ? 'a field' : 'an alias';
      const message = `"${name}" is ${what} already: a derived field needs a name of its own.`;
      return [{ path, code: 'source/derived', message }];
    }
    const depth = nesting.get(name);
    if (depth === undefined) {
      const message = `What the derived field "${name}" is made of leads into a circle.`;
      const hint = 'Make it of fields of the record.';
      return [{ path, code: 'source/cycle', message, hint }];
    }
    if (depth > maxNesting) {
      const message = `The derived field "${name}" is made of derived fields ${depth - 1} deep, more than ${maxNesting - 1}.`;
      const hint = 'Make it of fields of the record.';
      return [{ path, code: 'source/derived', message, hint }];
    }
    return coalesce.flatMap((part, index): readonly Problem[] => {
      if (Object.hasOwn(derived, part) || resolveField(source, part) !== undefined) return [];
      const message = `The derived field "${name}" is made of "${part}", which is no field of the log source.`;
      const hint = didYouMean(part, source.fields.keys());
      const at = [...path, 'coalesce', index];
      return [{ path: at, code: 'source/unknown-field', message, hint }];
    });
  });
}

function healthProblems({ health = {} }: LogSourceDocument, source: LogSource): readonly Problem[] {
  return Object.entries(health).flatMap(([part, given]) => {
    const names = typeof given === 'string' ? [given] : given;
    return names.flatMap((name, index): readonly Problem[] => {
      if (source.derived.has(name) || resolveField(source, name) !== undefined) return [];
      const message = `"health" tells "${part}" by "${name}", which is no field of the log source.`;
      const hint = didYouMean(name, [...source.fields.keys(), ...source.derived.keys()]);
      const path = ['health', part, ...(typeof given === 'string' ? [] : [index])];
      return [{ path, code: 'source/unknown-field', message, hint }];
    });
  });
}
