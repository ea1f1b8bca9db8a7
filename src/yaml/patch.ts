import { isMap } from '../text/is-map.ts';
import type { SourceFile } from '../text/source-file.ts';
import type { Span } from '../text/span.ts';
import { isAtOrBelow, valueAt } from './path.ts';
import type { YamlDocument, YamlPath, YamlScalar } from './read.ts';

/** A value of another document that stands for the one at a path. */
export interface Patch {
  readonly path: YamlPath;
  readonly by: YamlDocument;
  /** Where it is in the other document. */
  readonly at: YamlPath;
  /** The file in which people are told what is wrong with it. */
  readonly file: SourceFile;
}

/** The same document with other values at some paths, none within another; they know where they really stand. */
export function patchDocument(document: YamlDocument, patches: readonly Patch[]): YamlDocument {
  if (patches.length === 0) return document;
  const patchAt = (path: YamlPath): Patch | undefined =>
    patches.find((patch) => isAtOrBelow(path, patch.path));
  const there = (patch: Patch, path: YamlPath): YamlPath => [
    ...patch.at,
    ...path.slice(patch.path.length),
  ];
  return {
    file: document.file,
    value: patches.reduce(
      (value, { path, by, at }) => put(value, path, valueAt(by.value, at)),
      document.value,
    ),
    spanOf(path) {
      const patch = patchAt(path);
      if (patch === undefined) return document.spanOf(path);
      return within(patch.file, patch.by.spanOf(there(patch, path)));
    },
    keySpanOf(path) {
      const patch = patchAt(path);
      // The key of a value that is replaced is still the document's own.
      if (patch === undefined || patch.path.length === path.length) return document.keySpanOf(path);
      return within(patch.file, patch.by.keySpanOf(there(patch, path)));
    },
    scalarAt(path) {
      const patch = patchAt(path);
      if (patch === undefined) return document.scalarAt(path);
      const scalar = patch.by.scalarAt(there(patch, path));
      return scalar && scalarWithin(patch.file, scalar);
    },
  };
}

function put(container: unknown, [step, ...rest]: YamlPath, value: unknown): unknown {
  if (step === undefined) return value;
  if (Array.isArray(container))
    return container.map((inner, index) => (index === step ? put(inner, rest, value) : inner));
  if (!isMap(container)) return container;
  const entries = Object.entries(container);
  return Object.fromEntries(
    entries.map(([key, inner]) => [key, key === step ? put(inner, rest, value) : inner]),
  );
}

function within(file: SourceFile, span: Span): Span {
  return { ...span, file };
}

function scalarWithin(file: SourceFile, scalar: YamlScalar): YamlScalar {
  return {
    ...scalar,
    span: within(file, scalar.span),
    within: (start, end) => within(file, scalar.within(start, end)),
  };
}
