/** The only resource of a template, as its deployment into the workspace `ws` would send it. */
export function readTemplate(text: string): Readonly<Record<string, unknown>> {
  const { resources } = JSON.parse(text) as { readonly resources: readonly [object] };
  return evaluated(resources[0]) as Readonly<Record<string, unknown>>;
}

/**
 * "Syntax and expressions in ARM templates": a text between brackets is an expression, unless it begins with two
 * brackets, of which one goes. Of expressions only `concat` of the workspace's name and texts is known here.
 */
function evaluated(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(evaluated);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, of]) => [key, evaluated(of)]));
  if (typeof value !== 'string' || !value.startsWith('[') || !value.endsWith(']')) return value;
  if (value.startsWith('[[')) return value.slice(1);
  const call = /^\[concat\(parameters\('workspace'\), '((?:[^']|'')*)'\)\]$/.exec(value);
  if (call?.[1] === undefined) throw new Error(`An unknown expression: ${value}`);
  return `ws${call[1].replaceAll("''", "'")}`;
}
