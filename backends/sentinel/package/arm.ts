import { render as renderRule } from './analytics-rule.arm.json.hbs.generated.js';
import { type AnalyticsRule, apiVersion } from './analytics-rule.ts';
import { render as renderWatchlist } from './watchlist.arm.json.hbs.generated.js';
import type { Watchlist } from './watchlists.ts';

/** What templates of deployments write values with. */
const helpers = { arm, inExpression };

/** The template that deploys an analytics rule under an id. */
export function ruleTemplate(id: string, { kind, properties }: AnalyticsRule): string {
  return renderRule({ id, apiVersion, kind, properties }, { helpers });
}

/** The template that deploys a watchlist. */
export function watchlistTemplate({ alias, properties }: Watchlist): string {
  return renderWatchlist({ alias, apiVersion, properties }, { helpers });
}

/** A value as JSON whose texts mean themselves, as deep as the templates have it. */
function arm(value: unknown): string {
  return JSON.stringify(literal(value), undefined, 2).replaceAll('\n', '\n      ');
}

/** Texts in it that a deployment would evaluate begin with a second bracket, which it takes off. */
function literal(value: unknown): unknown {
  if (typeof value === 'string') return isExpression(value) ? `[${value}` : value;
  if (Array.isArray(value)) return value.map(literal);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, literal(inner)]));
}

/**
 * "Syntax and expressions in ARM templates": an expression begins and ends with brackets. A text that doesn't end
 * with one is not to be escaped.
 */
function isExpression(text: string): boolean {
  return text.startsWith('[') && text.endsWith(']');
}

/** A text between the quotes of an expression, in which a quote stands twice, within a text of JSON. */
function inExpression(text: unknown): string {
  return JSON.stringify(String(text).replaceAll("'", "''")).slice(1, -1);
}
