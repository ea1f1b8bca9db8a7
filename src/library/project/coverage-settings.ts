import type { FindingReport, Place } from '../../diagnostics/diagnostic.ts';
import { didYouMean } from '../../diagnostics/suggest.ts';
import { attackObject } from '../../lint/attack-objects.ts';
import { isMap } from '../../text/is-map.ts';
import type { YamlDocument, YamlPath } from '../../yaml/read.ts';
import type { NamedPath } from './named-path.ts';

/** What a project promises to cover, and where it tells what it covers. */
export interface CoverageSettings {
  /** The files that `build` writes, relative to the root. */
  readonly page: NamedPath | undefined;
  readonly index: NamedPath | undefined;
  readonly layer: NamedPath | undefined;
  /** The techniques and data components that are promised, by their ids. */
  readonly objects: readonly Promised[];
  /** The providers whose logs they are promised on, by the `product` of log sources; none: those of the rules. */
  readonly providers: readonly Provider[];
  readonly without: readonly Without[];
}

/** An object of ATT&CK that is promised. */
export interface Promised {
  readonly id: string;
  readonly at: Place;
}

/** Whose logs rules read. */
export interface Provider {
  readonly product: string;
  readonly title: string;
}

/** Why there are no rules on a provider, or on a log that has a row for this alone. */
export interface Without {
  /** Nothing: for all objects. */
  readonly object: string | undefined;
  readonly provider: string | undefined;
  readonly source: string | undefined;
  /** Nothing: for all targets. */
  readonly target: string | undefined;
  readonly reason: string;
  readonly at: Place;
  readonly targetAt: Place;
}

/** The keys of `coverage`, for hints. */
export const coverageKeys: readonly string[] = [
  'page',
  'index',
  'layer',
  'objects',
  'providers',
  'without',
  'object',
  'provider',
  'source',
  'target',
  'reason',
];

/** What stands under `coverage`; nothing where it doesn't. The schema has checked its form. */
export function readCoverage(document: YamlDocument): CoverageSettings | undefined {
  const given = coverageOf(document);
  if (given === undefined) return undefined;
  const at = (...path: YamlPath): Place => ({
    file: document.file,
    span: document.spanOf(['coverage', ...path]),
  });
  const path = (key: string): NamedPath | undefined => {
    const name = given[key];
    return typeof name === 'string' ? { name, at: at(key) } : undefined;
  };
  const providers = isMap(given['providers']) ? Object.entries(given['providers']) : [];
  return {
    page: path('page'),
    index: path('index'),
    layer: path('layer'),
    objects: listOf(given['objects']).map((id, index) => ({
      id: String(id).toUpperCase(),
      at: at('objects', index),
    })),
    providers: providers.map(([product, title]) => ({ product, title: String(title) })),
    without: listOf(given['without']).map((entry, index) => {
      const word = (key: string): string | undefined =>
        isMap(entry) && entry[key] !== undefined ? String(entry[key]) : undefined;
      return {
        object: word('object')?.toUpperCase(),
        provider: word('provider'),
        source: word('source'),
        target: word('target'),
        reason: word('reason') ?? '',
        at: at('without', index),
        targetAt: at('without', index, 'target'),
      };
    }),
  };
}

type Found = (message: string, hint: string | undefined, ...path: YamlPath) => void;

/** What is wrong with `coverage` by itself. */
export function checkCoverage(document: YamlDocument, report: FindingReport): void {
  const settings = readCoverage(document);
  if (settings === undefined) return;
  const found: Found = (message, hint, ...path) =>
    report({
      code: 'config/coverage',
      message,
      span: document.spanOf(['coverage', ...path]),
      ...(hint === undefined ? {} : { hint }),
    });
  const ids = settings.objects.map(({ id }) => id);
  for (const [index, id] of ids.entries()) {
    const kind = attackObject(`attack.${id}`)?.kind;
    const hint = 'Ids look like "t1578.003" and "dc0015".';
    if (kind !== 'technique' && kind !== 'data component')
      found(`"${id}" is no technique or data component of ATT&CK.`, hint, 'objects', index);
    else if (ids.indexOf(id) < index)
      found(`"${id}" stands here twice.`, 'Remove one.', 'objects', index);
  }
  for (const [index, one] of settings.without.entries())
    checkReason(one, ['without', index], settings, found);
}

function checkReason(
  { object, provider, source }: Without,
  at: YamlPath,
  { objects, providers }: CoverageSettings,
  found: Found,
): void {
  const ids = objects.map(({ id }) => id);
  const products = providers.map(({ product }) => product);
  if ((provider === undefined) === (source === undefined)) {
    const hint = "Name a provider whose logs rules read, or a source that they don't.";
    found('A reason is for a provider or for a source.', hint, ...at);
  }
  if (source !== undefined && object === undefined)
    found('A source is a row of one object.', 'Name the object: "object: dc0015".', ...at);
  if (object !== undefined && !ids.includes(object)) {
    const hint = didYouMean(object, ids) ?? 'Add it to "objects".';
    found(`"${object}" isn't among the objects that are promised.`, hint, ...at, 'object');
  }
  if (provider !== undefined && products.length > 0 && !products.includes(provider)) {
    const hint = didYouMean(provider, products) ?? `The providers are ${products.join(', ')}.`;
    found(`"${provider}" isn't among the providers.`, hint, ...at, 'provider');
  }
}

function coverageOf(document: YamlDocument): Readonly<Record<string, unknown>> | undefined {
  const given = isMap(document.value) ? document.value['coverage'] : undefined;
  return isMap(given) ? given : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
