import type { PlannedState } from '../model.ts';
import type { WholeReport } from './view.ts';
import { countStates } from './words.ts';

/** The stable JSON form of a report, described in docs/publishing.md. A plan can be read back. */
export function jsonReport(report: WholeReport): string {
  const { problems } = report;
  return `${JSON.stringify({ ...contentOf(report), problems })}\n`;
}

function contentOf(report: WholeReport): object {
  switch (report.kind) {
    case 'plan':
      return report.plan;
    case 'apply': {
      const { compiler, commit, destinations } = report;
      return { apply: 1, compiler, ...(commit !== undefined && { commit }), destinations };
    }
    case 'status': {
      const { compiler, destinations } = report;
      const told = destinations.map(({ objects, ...destination }) => ({
        ...destination,
        counts: countStates(objects) satisfies Readonly<Record<PlannedState, number>>,
        objects: objects.map(({ calls, ...object }) => object),
      }));
      return { status: 1, compiler, destinations: told };
    }
  }
}
