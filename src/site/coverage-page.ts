import type { Coverage, ObjectCoverage } from '../coverage/coverage.ts';
import { pageLink, pageMark } from '../coverage/files.ts';
import { counted, coverageTable, objectTitle } from '../coverage/table.ts';
import { render } from './coverage-page.md.hbs.generated.js';
import { helpers, tidied } from './helpers.ts';

/** Where a page is written and where the pages of rules are, for its links: absolute paths. */
export interface PagePlace {
  readonly path: string;
  readonly output: string;
}

/** The Markdown page of what a project covers. */
export function renderCoverage(coverage: Coverage, place: PagePlace): string {
  const { targets, objects, others } = coverage;
  const context = {
    mark: pageMark.trimEnd(),
    targets: targets.map(({ title }) => title),
    objects: objects.map((one) => objectOf(one, coverage, place)),
    others: others.map(({ object, rows, rules, cases, counts }) => ({
      title: objectTitle(object),
      url: object.url,
      kind: object.kind,
      rules,
      cases,
      providers: rows.map(({ title }) => title).join(', '),
      counts: counts.map((one) => one.rules),
    })),
  };
  return tidied(render(context, { helpers }));
}

function objectOf(covered: ObjectCoverage, coverage: Coverage, place: PagePlace): object {
  const { object, rules, cases } = covered;
  const { rows, notes } = coverageTable(covered, coverage);
  return {
    id: object.id,
    title: objectTitle(object),
    url: object.url,
    summary: `${counted(rules, 'rule')} with ${counted(cases, 'test case')}.`,
    rows,
    notes: notes.map((note) => ({
      ...note,
      rules: note.rules.map((stem) => ({
        title: stem.split('/').at(-1) ?? stem,
        url: pageLink(place.path, place.output, stem),
      })),
    })),
  };
}
