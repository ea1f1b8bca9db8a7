import {
  type BuiltFiles,
  type BuiltRuleFiles,
  type Desired,
  isMap,
  type Projection,
  type Publisher,
  QuerySyntaxError,
} from '#backend';
import { analyticsRuleId } from '../package/analytics-rule.ts';
import { watchlistFacts } from '../package/watchlists.ts';
import { parse } from '../parse.ts';
import { listKey, listKind, ruleKey, ruleKind } from './identity.ts';
import { entriesIn } from './list-csv.ts';
import { aliasClaim, listProjection } from './list-projection.ts';
import { propertyOf, ruleProjection } from './rule-form.ts';
import { nameClaim } from './rules.ts';
import { resourceIn } from './templates.ts';

type Report = Parameters<Publisher['desired']>[1];

/** The analytics rules and watchlists that are built for a destination. */
export function desired(built: BuiltFiles, report: Report): readonly Desired[] {
  const lists = built.shared.flatMap((path) => listIn(path, built, report) ?? []);
  const rules = built.rules.flatMap((rule) => ruleIn(rule, built, report) ?? []);
  return [...lists, ...rules];
}

/** A rule without a schedule has no template: there is nothing to publish of it. */
function ruleIn(rule: BuiltRuleFiles, built: BuiltFiles, report: Report): Desired | undefined {
  const { id, title, stem, files } = rule;
  const path = `${stem}.arm.json`;
  if (!files.includes(path)) return undefined;
  const resource = resourceIn(built.read(path) ?? '');
  const { displayName, query } = resource?.properties ?? {};
  const isWhole =
    resource?.id === analyticsRuleId({ id }) &&
    typeof resource.kind === 'string' &&
    typeof displayName === 'string' &&
    typeof query === 'string';
  const needs = isWhole ? watchlistsIn(query) : undefined;
  if (resource === undefined || needs === undefined) {
    tellUnreadable(path, report);
    return undefined;
  }
  const projection = ruleProjection(String(resource.kind), resource.properties);
  const name = String(propertyOf(projection, 'displayName'));
  return {
    key: ruleKey(id),
    kind: ruleKind,
    name,
    rule: { id, title, stem },
    projection,
    needs: needs.map(listKey),
    claims: [nameClaim(name)],
  };
}

/** The watchlists whose items a query reads; nothing for a query that can't be read. */
function watchlistsIn(query: string): readonly string[] | undefined {
  // Reading every query of a thousand rules takes its time, and few name a list.
  if (!/_GetWatchlist/i.test(query)) return [];
  try {
    return [...new Set(aliasesIn(parse(query)))];
  } catch (error) {
    if (error instanceof QuerySyntaxError) return undefined;
    throw error;
  }
}

function aliasesIn(node: unknown): readonly string[] {
  if (Array.isArray(node)) return node.flatMap(aliasesIn);
  if (!isMap(node)) return [];
  if (node['kind'] === 'watchlist') return [String(node['alias'])];
  return Object.values(node).flatMap(aliasesIn);
}

const listPath = /^watchlists\/([^/]+)\.csv$/;

/** Each list has its entries beside the template, if it isn't too large for one. */
function listIn(path: string, built: BuiltFiles, report: Report): Desired | undefined {
  const name = listPath.exec(path)?.[1];
  if (name === undefined) return undefined;
  const told = templateOf(path.replace(/\.csv$/, '.arm.json'), name, built, report);
  const entries = entriesIn(built.read(path) ?? '');
  if (told === undefined) return undefined;
  if (entries === undefined) {
    tellUnreadable(path, report);
    return undefined;
  }
  const projection: Projection = listProjection(told, entries);
  return {
    key: listKey(name),
    kind: listKind,
    name: String(projection['displayName']),
    projection,
    needs: [],
    claims: [aliasClaim(name)],
  };
}

function templateOf(
  path: string,
  name: string,
  built: BuiltFiles,
  report: Report,
): Readonly<Record<string, unknown>> | undefined {
  if (!built.shared.includes(path)) return { ...watchlistFacts(name) };
  const resource = resourceIn(built.read(path) ?? '');
  if (resource?.id === name) return resource.properties;
  tellUnreadable(path, report);
  return undefined;
}

function tellUnreadable(path: string, report: Report): void {
  report(path, {
    code: 'publish/unreadable-file',
    message: 'This is not what siemc writes here: it was edited, or is of another version.',
    hint: 'Build it anew: siemc build.',
  });
}
