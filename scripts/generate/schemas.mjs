// <name>.schema.json -> <name>.schema.generated.js

/** Makes a validator of every JSON Schema; a schema refers to another by its `$id`. */
export async function generateSchemas(workspace) {
  const paths = workspace.sources(/^src\/.*\.schema\.json$/);
  if (paths.length === 0) return;
  const [{ default: Ajv }, { default: standalone }, esbuild] = await Promise.all([
    import('ajv/dist/2020.js'),
    import('ajv/dist/standalone/index.js'),
    import('esbuild'),
  ]);
  const ajv = new Ajv.default({
    allErrors: true,
    allowUnionTypes: true,
    discriminator: true,
    strict: true,
    // `anyOf: [{ required: [a] }, { required: [b] }]` is how to say "a or b".
    strictRequired: false,
    // In draft 2020-12 `format` is an annotation; what must hold is said by `pattern`.
    validateFormats: false,
    code: { esm: true, source: true },
  });

  const schemas = [];
  for (const path of paths) {
    await workspace.attempt(path, async () => {
      const schema = JSON.parse(await workspace.read(path));
      if (typeof schema.$id !== 'string') throw new Error('a schema needs an "$id"');
      ajv.addSchema(schema);
      schemas.push({ path, id: schema.$id });
    });
  }
  for (const { path, id } of schemas) {
    await workspace.attempt(path, async () => {
      const code = await bundle(esbuild, standalone.default(ajv, ajv.getSchema(id)));
      await workspace.emit({ name: path.replace(/\.json$/, ''), from: path, code, types });
    });
  }
}

// Ajv's standalone code requires Ajv's run-time helpers as CommonJS. Bundled, the module stands
// alone: neither Ajv nor a `require` is loaded at run time.
async function bundle(esbuild, code) {
  const result = await esbuild.build({
    stdin: { contents: code, resolveDir: process.cwd(), loader: 'js' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    minifySyntax: true,
    legalComments: 'none',
    logLevel: 'silent',
    write: false,
  });
  return result.outputFiles[0].text;
}

const types = `export interface SchemaError {
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly propertyName?: string;
  readonly message?: string;
}

/** Whether the data fits the schema; what was wrong the last time is in \`errors\`. */
export const validate: {
  (data: unknown): boolean;
  readonly errors?: readonly SchemaError[] | null;
};
`;
