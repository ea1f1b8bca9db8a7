// src/logsource/*.yml -> src/logsource/shipped.generated.js
// backends/<target>/fields/*.yml -> backends/<target>/fields.generated.js

/** Makes one module of the log sources and one of each backend's mappings. */
export async function generateTables(workspace) {
  const logsources = workspace.sources(/^src\/logsource\/.*\.yml$/);
  await generateTable(workspace, {
    constant: 'shipped',
    name: 'src/logsource/shipped',
    from: 'src/logsource',
    paths: logsources,
  });
  const mappings = workspace.sources(/^backends\/[^/]+\/fields\/.*\.yml$/);
  const folders = new Set(mappings.map((path) => path.split('/', 3).join('/')));
  for (const from of folders) {
    const paths = mappings.filter((path) => path.startsWith(`${from}/`));
    await generateTable(workspace, { constant: 'fields', name: from, from, paths });
  }
}

async function generateTable(workspace, { constant, name, from, paths }) {
  if (paths.length === 0) return;
  const { parseDocument } = await import('yaml');
  const table = [];
  for (const path of paths) {
    await workspace.attempt(path, async () => {
      const document = parseDocument(await workspace.read(path), {
        version: '1.2',
        intAsBigInt: false,
      });
      if (document.errors.length > 0) throw new Error(document.errors[0].message);
      table.push({ path, document: document.toJS() });
    });
  }
  // V8 reads JSON faster than an object literal of this size.
  const json = JSON.stringify(JSON.stringify(table));
  await workspace.emit({
    name,
    from,
    code: `export const ${constant} = JSON.parse(${json});\n`,
    types: printTypes(constant),
  });
}

function printTypes(constant) {
  return `export const ${constant}: readonly {
  /** From the repository's root. */
  readonly path: string;
  readonly document: unknown;
}[];
`;
}
