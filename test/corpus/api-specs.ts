import { existsSync, readFileSync } from 'node:fs';
import { Ajv2020, type AnySchema, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** What is wrong with a value by a schema of the vendors' API specifications; nothing where it is right. */
export type SpecCheck = (value: unknown) => readonly string[];

const folder = '../shared/specs';

/** Whether the specifications are here. */
export const specsPresent: boolean = existsSync(folder);
if (!specsPresent) console.info(`no ${folder}: requests are checked by hand-written rules alone`);

/** The files by the name that their schemas are looked up with. */
const files = {
  splunk: 'splunk/savedsearch-rest.schema.json',
  sentinel: 'sentinel/alertRules-2025-09-01.schema.json',
  'sentinel-preview': 'sentinel/alertRules-2025-10-01-preview.schema.json',
  'sentinel-limits': 'sentinel/alertRule-limits.schema.json',
  secops: 'secops/chronicle-v1-rules.openapi.json',
} as const;

/** Names a specification. */
export type SpecName = keyof typeof files;

const load = once(() => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  for (const [name, path] of Object.entries(files)) {
    const schema: AnySchema = JSON.parse(readFileSync(`${folder}/${path}`, 'utf8'));
    ajv.addSchema({ ...(schema as object), $id: `urn:specs:${name}` });
  }
  return ajv;
});
const compiled = new Map<string, ValidateFunction>();

/** The check of a schema: `spec('secops', 'components/schemas/Rule')`. Without the specifications all is right. */
export function spec(name: SpecName, path: string = ''): SpecCheck {
  if (!specsPresent) return () => [];
  const $ref = `urn:specs:${name}#${path === '' ? '' : `/${path}`}`;
  return (value) => {
    const known = compiled.get($ref);
    const validate = known ?? load().compile({ $ref });
    if (known === undefined) compiled.set($ref, validate);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) =>
        `${instancePath === '' ? 'it' : instancePath} ${message} ${JSON.stringify(params)}`,
    );
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** A file of the specifications as data; nothing without them. */
export function specFile(path: string): unknown {
  return specsPresent ? JSON.parse(readFileSync(`${folder}/${path}`, 'utf8')) : undefined;
}
