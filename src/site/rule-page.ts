import type { BuiltRule } from '../library/build.ts';
import { sourcesOf } from '../plan/sources-of.ts';
import { codeFence, codeSpan, markdownLine, markdownLink, markdownText } from './markdown.ts';
import { render } from './rule-page.md.hbs.generated.js';

/** The Markdown page of a rule: what it finds, its queries, what is known to disturb it. */
export function renderRulePage({ unit, targets, cases }: BuiltRule): string {
  const { rule, plan } = unit;
  const context = {
    title: rule.title,
    description: rule.description ?? '',
    id: rule.id ?? '',
    status: rule.status ?? 'no status',
    level: rule.level ?? 'no level',
    source:
      plan === undefined
        ? ''
        : sourcesOf(plan)
            .map(({ title }) => title)
            .join(', '),
    tags: rule.tags,
    cases: cases === 0 ? 'none' : cases === 1 ? '1 case' : `${cases} cases`,
    version: rule.settings.version ?? 'none',
    falsePositives: rule.falsePositives,
    references: rule.references,
    emulation: rule.settings.emulation,
    targets: targets.map(({ backend, query, evidence, assumptions, diagnostics }) => ({
      title: backend.title,
      language: backend.extension,
      query: query ?? '',
      evidence: evidence ?? '',
      assumptions,
      reasons: distinct(diagnostics.map(({ code: slug, message }) => ({ slug, message }))),
    })),
  };
  const helpers = {
    text: of(markdownText),
    line: of(markdownLine),
    code: of(codeSpan),
    fence: of(codeFence),
    link: of(markdownLink),
  };
  const page = render(context, { helpers });
  return `${page.replace(/\n{3,}/g, '\n\n').trimEnd()}\n`;
}

function of(write: (text: string) => string): (value: unknown) => string {
  return (value) => write(String(value));
}

/** Each reason once: a rule may give the same one for several values. */
function distinct<Reason extends { readonly message: string }>(
  reasons: readonly Reason[],
): readonly Reason[] {
  return [...new Map(reasons.map((reason) => [reason.message, reason])).values()];
}
