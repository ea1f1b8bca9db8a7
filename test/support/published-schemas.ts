import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { validateXML } from 'xmllint-wasm';

const folder = 'test/fixtures/schemas';

/** What is wrong with a SARIF log by the published schema; nothing where it is fine. */
export function sarifProblems(log: unknown): readonly string[] {
  sarifSchema ??= compileSarif();
  return sarifSchema(log)
    ? []
    : (sarifSchema.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

let sarifSchema: ReturnType<typeof compileSarif> | undefined;

/** The schema is of JSON Schema's draft 4, of which it uses nothing but `id` that a later one says otherwise. */
function compileSarif() {
  const text = readFileSync(`${folder}/sarif-2.1.0-rtm.5.json`, 'utf8');
  const { id: _, $schema: __, ...schema } = JSON.parse(text);
  if (/"exclusiveM|"id":/.test(JSON.stringify({ ...schema, definitions: {} })))
    throw new Error('the schema uses more of draft 4');
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  ajv.addFormat('uri', (given: string) => URL.canParse(given));
  ajv.addFormat('uri-reference', /^(?:[A-Za-z0-9._~:/?#[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*$/);
  ajv.addFormat('date-time', (given: string) => !Number.isNaN(Date.parse(given)));
  return ajv.compile(schema);
}

/** What is wrong with a JUnit report by the schema of Jenkins' xUnit plugin; nothing where it is fine. */
export async function junitProblems(xml: string): Promise<readonly string[]> {
  const schema = readFileSync(`${folder}/junit.xsd`, 'utf8');
  const { errors } = await validateXML({
    xml: { fileName: 'report.xml', contents: xml },
    schema: { fileName: 'junit.xsd', contents: schema },
  });
  return errors.map(({ message }) => message);
}
