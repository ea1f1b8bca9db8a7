import type { BuiltRule } from '../library/build.ts';
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
    source: plan?.source.title ?? '',
    tags: rule.tags.map(code),
    cases: cases === 0 ? 'none' : `${cases} cases`,
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
      reasons: diagnostics.map(({ code: slug, message }) => ({ code: slug, message })),
    })),
  };
  const page = render(context, { helpers: { text, fence, link } });
  return `${page.replace(/\n{3,}/g, '\n\n').trimEnd()}\n`;
}

/** Text of a rule as Markdown text: nothing in it is markup, a link or HTML. */
function text(value: unknown): string {
  return String(value)
    .trim()
    .replace(/\s*\n\s*/g, '\n')
    .replace(/[\\`*_{}[\]<>()#+!|~]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/^(\s*)([-=])/gm, '$1\\$2')
    .replace(/^(\s*\d+)\./gm, '$1\\.');
}

/** A code fence longer than any run of backquotes in the text that it holds. */
function fence(value: unknown): string {
  const runs = String(value).match(/`+/g) ?? [];
  return '`'.repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
}

/** A web address as a link, anything else as text. */
function link(value: unknown): string {
  const address = String(value).trim();
  return /^https?:\/\/[^\s<>]+$/.test(address) ? `<${address}>` : text(address);
}

function code(tag: string): string {
  return tag.replaceAll('`', '');
}
