import { isMap } from '#backend';

/** A resource that a template deploys. */
export interface TemplateResource {
  /** The last part of its name. */
  readonly id: string;
  readonly kind: unknown;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** The only resource of a template that siemc has written; nothing for what isn't one. */
export function resourceIn(text: string): TemplateResource | undefined {
  const { resources } = parsed(text);
  const [resource, ...others] = Array.isArray(resources) ? resources : [];
  if (!isMap(resource) || others.length > 0) return undefined;
  const { name, kind, properties } = resource;
  const id = lastPart(name);
  const read = literal(properties);
  return id === undefined || !isMap(read)
    ? undefined
    : { id, kind: literal(kind), properties: read };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isMap(value) ? value : {};
  } catch {
    return {};
  }
}

const nameForm =
  /^\[concat\(parameters\('workspace'\), '\/Microsoft\.SecurityInsights\/((?:[^']|'')+)'\)\]$/;

function lastPart(name: unknown): string | undefined {
  return nameForm.exec(String(name))?.[1]?.replaceAll("''", "'");
}

/** Texts between brackets begin with a second one, which their deployment takes off. */
function literal(value: unknown): unknown {
  if (typeof value === 'string')
    return value.startsWith('[[') && value.endsWith(']') ? value.slice(1) : value;
  if (Array.isArray(value)) return value.map(literal);
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, literal(inner)]));
}
