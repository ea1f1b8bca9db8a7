import { objectsOf, taggedRules } from '../coverage/coverage.ts';
import { pageLink, pageMark } from '../coverage/files.ts';
import { counted, objectTitle } from '../coverage/table.ts';
import type { BuiltRule } from '../library/built/build.ts';
import { type AttackKind, type AttackObject, tacticsOf } from '../lint/attack-objects.ts';
import { byCodePoint } from '../text/by-code-point.ts';
import type { PagePlace } from './coverage-page.ts';
import { helpers, tidied } from './helpers.ts';
import { sourceTitles } from './source-titles.ts';
import { render } from './tag-index.md.hbs.generated.js';

/** Rules under one heading. */
interface Section {
  readonly anchor: string;
  readonly id: string;
  readonly title: string;
  readonly kind: AttackKind;
  readonly url: string | undefined;
  readonly rules: readonly BuiltRule[];
}

const order: readonly AttackKind[] = ['technique', 'data component', 'other'];

/** The Markdown page of rules by their tags; rules that only take part in correlations have no page to lead to. */
export function renderTagIndex(
  rules: readonly BuiltRule[],
  parts: readonly BuiltRule[],
  place: PagePlace,
): string {
  const all = [...rules, ...parts].sort((a, b) => byCodePoint(a.stem, b.stem));
  const entries = [...taggedRules(all).values()].sort((a, b) =>
    byCodePoint(a.object.id, b.object.id),
  );
  const sections = order.flatMap((kind) =>
    entries
      .filter(({ object }) => object.kind === kind)
      .map(({ object, rules: own }) => sectionOf(object, own)),
  );
  const context = {
    mark: pageMark.trimEnd(),
    tactics: entries
      .filter(({ object }) => object.kind === 'tactic')
      .map(({ object, rules: own }) => ({
        title: objectTitle(object),
        url: object.url,
        rules: own.length,
        techniques: techniquesOf(own, object.id),
      })),
    components: sections.filter(({ kind }) => kind === 'data component'),
    sections: [...sections, ...untagged(all)].map(({ rules: own, ...section }) => ({
      ...section,
      summary: `${counted(own.length, 'rule')}.`,
      rules: own.map((rule) => lineOf(rule, rules.includes(rule), place)),
    })),
  };
  return tidied(render(context, { helpers }));
}

function sectionOf(object: AttackObject, rules: readonly BuiltRule[]): Section {
  const { id, kind, url } = object;
  return { anchor: anchorOf(id), id, title: objectTitle(object), kind, url, rules };
}

/** Rules that would stand under no heading. */
function untagged(all: readonly BuiltRule[]): readonly Section[] {
  const rules = all.filter((rule) => objectsOf(rule).every(({ kind }) => kind === 'tactic'));
  const title = 'No technique and no data component';
  const section: Section = { anchor: 'none', id: '', title, kind: 'other', url: undefined, rules };
  return rules.length === 0 ? [] : [section];
}

/** The techniques of rules that serve a tactic; not those whose tactics aren't known. */
function techniquesOf(
  rules: readonly BuiltRule[],
  tactic: string,
): readonly { readonly id: string; readonly anchor: string }[] {
  const found = rules.flatMap(objectsOf).filter(({ kind }) => kind === 'technique');
  const ids = [...new Set(found.map(({ id }) => id))].sort(byCodePoint);
  const serving = ids.filter((id) => tacticsOf(id)?.includes(tactic) ?? false);
  return serving.map((id) => ({ id, anchor: anchorOf(id) }));
}

function lineOf(built: BuiltRule, hasPage: boolean, place: PagePlace): object {
  const { unit, stem, targets, cases } = built;
  const { rule } = unit;
  const queries = targets.filter(({ query }) => query !== undefined);
  return {
    name: rule.title,
    address: hasPage ? pageLink(place.path, place.output, stem) : '',
    status: rule.status ?? '',
    level: rule.level ?? '',
    source: sourceTitles(unit),
    cases,
    emulation: rule.settings.emulation.join(', '),
    targets: hasPage
      ? queries.map(({ backend }) => backend.title).join(', ')
      : 'part of a correlation',
  };
}

function anchorOf(id: string): string {
  return id.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}
