import type { Form, JsonForm, LineForm, Origin, RawPath, WritePart } from './form.ts';

/** A path as log source files write it: keys joined by dots, or a list of keys that may hold dots. */
type PathDocument = string | readonly string[];

interface OneOrigin {
  readonly from: PathDocument;
  readonly match?: string;
  readonly when?: Readonly<Record<string, string | readonly string[]>>;
}

/** Where a value comes from, as log source files write it. */
export type OriginDocument =
  | PathDocument
  | OneOrigin
  | { readonly first: readonly (PathDocument | OneOrigin)[] };

/** One of a log source's `forms`; the schema lets it be of one kind only. */
export type FormDocument =
  | {
      readonly line: string;
      readonly fields: Readonly<Record<string, string>>;
      readonly write: string;
      readonly example: string;
    }
  | {
      readonly has: readonly PathDocument[];
      readonly within?: PathDocument;
      readonly fields?: Readonly<Record<string, OriginDocument>>;
    };

/** The forms by their names, as a log source file gives them. */
export function readForms(given: Readonly<Record<string, FormDocument>>): readonly Form[] {
  return Object.entries(given).map(([name, form]): LineForm | JsonForm => {
    if ('line' in form) {
      const { line, fields, write, example } = form;
      const groups = new Map(Object.entries(fields));
      return { kind: 'line', name, line, fields: groups, write: partsOf(write), example };
    }
    const within = form.within === undefined ? undefined : pathOf(form.within);
    const fields = readOrigins(form.fields ?? {});
    return { kind: 'json', name, has: form.has.map(pathOf), within, fields };
  });
}

/** Where fields come from, each from the first place that has it. */
export function readOrigins(
  given: Readonly<Record<string, OriginDocument>>,
): ReadonlyMap<string, readonly Origin[]> {
  return new Map(
    Object.entries(given).map(([field, origin]) => {
      const several = typeof origin === 'object' && 'first' in origin ? origin.first : [origin];
      return [field, several.map(originOf)];
    }),
  );
}

function originOf(given: PathDocument | OneOrigin): Origin {
  if (typeof given === 'string' || isKeys(given)) {
    return { from: pathOf(given), match: undefined, when: [] };
  }
  const when = Object.entries(given.when ?? {}).map(([path, texts]) => ({
    path: pathOf(path),
    texts: typeof texts === 'string' ? [texts] : texts,
  }));
  return { from: pathOf(given.from), match: given.match, when };
}

function isKeys(given: PathDocument | OneOrigin): given is readonly string[] {
  return Array.isArray(given);
}

function pathOf(given: PathDocument): RawPath {
  return typeof given === 'string' ? given.split('.') : given;
}

/** `{field}` stands for a value, `{{` and `}}` for the braces themselves. */
function partsOf(write: string): readonly WritePart[] {
  return [...write.matchAll(/\{\{|\}\}|\{([^{}]+)\}|[^{}]+|[{}]/g)].map(
    ([text, field]): WritePart => {
      if (field !== undefined) return { field };
      return { text: text === '{{' || text === '}}' ? text.slice(1) : text };
    },
  );
}
