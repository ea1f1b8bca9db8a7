// `npm run bundle`: src/cli/main.ts -> dist/siemc.cjs and dist/cli/*.cjs, with every dependency in them.
// `npm run build`:  also the library, dist/src and dist/backends, with its types.

import { spawnSync } from 'node:child_process';
import { chmod, copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { build, transform } from 'esbuild';

const bin = 'dist/siemc.cjs';
const folder = 'dist/cli';

/** What most runs never use, by the name of its file: the regular expression engine, parsers and interpreters. */
const onlyWhenUsed = new Map([
  ['re2js', 're2js'],
  ...['splunk', 'sentinel', 'chronicle'].flatMap((target) => [
    [`${target}-parse`, `backends/${target}/parse.ts`],
    [`${target}-run`, `backends/${target}/engine/run.ts`],
  ]),
]);

/**
 * Functions of these files read them when they are called. Commander's way to start other programs, which siemc has
 * none of, is left out.
 */
const reading = {
  name: 'only-when-used',
  setup({ onResolve, onLoad }) {
    const callOf = (file, name) => `require(${JSON.stringify(`./${file}.cjs`)}).${name}`;
    onResolve({ filter: /^\.\/.*\.cjs$/ }, ({ path }) => ({ path, external: true }));
    onResolve({ filter: /^re2js$/ }, ({ kind }) =>
      kind === 'entry-point' ? undefined : { path: 're2js', namespace: 'class' },
    );
    onLoad({ filter: /.*/, namespace: 'class' }, () => ({
      contents: `exports.__esModule = true;
        Object.defineProperty(exports, "RE2JS", { get: () => ${callOf('re2js', 'RE2JS')} });`,
    }));
    onResolve({ filter: /^\.\/(parse|engine\/run)\.ts$/ }, ({ importer, path }) => {
      const target = /backends\/([a-z]+)\/index\.ts$/.exec(importer)?.[1];
      if (target === undefined) return undefined;
      return { path: `${target}-${basename(path, '.ts')}`, namespace: 'function' };
    });
    onLoad({ filter: /.*/, namespace: 'function' }, ({ path }) => {
      const name = path.split('-').at(-1);
      return { contents: `exports.${name} = (...given) => ${callOf(path, name)}(...given);` };
    });
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      importer.includes('commander') ? { path: 'child_process', namespace: 'empty' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: '' }));
  },
};

if (process.argv.includes('--library')) {
  await buildLibrary();
  await copySchemas();
}
await bundleCommandLine();

async function buildLibrary() {
  await rm('dist', { recursive: true, force: true });
  const tsc = 'node_modules/typescript/bin/tsc';
  const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(1);
  for (const root of ['src', 'backends']) await copyGenerated(root);
}

// tsc leaves generated modules behind; what they import from TypeScript is JavaScript in dist.
async function copyGenerated(root) {
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!/\.generated\.(js|d\.ts)$/.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const target = join('dist', path);
    await mkdir(dirname(target), { recursive: true });
    const text = await readFile(path, 'utf8');
    const imports = /((?:from|import\()\s*["']\.{1,2}\/[^"'\n]*)\.ts(["'])/g;
    await writeFile(target, text.replace(imports, '$1.js$2'));
  }
}

/** The JSON Schemas that editors use. */
async function copySchemas() {
  await mkdir('dist/schemas', { recursive: true });
  for (const entry of await readdir('src', { recursive: true, withFileTypes: true })) {
    if (!entry.name.endsWith('.schema.json')) continue;
    await copyFile(join(entry.parentPath, entry.name), join('dist/schemas', entry.name));
  }
  await writeRuleFileSchema();
}

/** One schema for all that a rule file may hold, because editors know a file by its name only. */
async function writeRuleFileSchema() {
  const read = async (kind) => {
    const { $schema, $id, ...schema } = JSON.parse(
      await readFile(`src/rule/${kind}.schema.json`, 'utf8'),
    );
    // References in it would lead elsewhere.
    if (JSON.stringify(schema).includes('"$ref"'))
      throw new Error(`${kind}.schema.json has "$ref"`);
    return schema;
  };
  const whenHas = (key, schema, other) =>
    Object.fromEntries([
      ['if', { required: [key] }],
      ['then', schema],
      ['else', other],
    ]);
  const filterOrRule = whenHas('filter', await read('filter'), await read('rule'));
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:siemc:schema:rule-file',
    title: 'siemc rule file: Sigma 2.1 rules, correlations and filters with the key siemc',
    ...whenHas('correlation', await read('correlation'), filterOrRule),
  };
  await writeFile(
    'dist/schemas/rule-file.schema.json',
    `${JSON.stringify(schema, undefined, 2)}\n`,
  );
}

/**
 * Several files, of which a command reads those that it uses: reading all that siemc can do takes longer than to compile
 * a rule. They are CommonJS, which Node starts sooner than modules; esbuild can take only modules apart.
 */
async function bundleCommandLine() {
  const { metafile, outputFiles } = await build({
    entryPoints: { main: 'src/cli/main.ts', ...Object.fromEntries(onlyWhenUsed) },
    outdir: folder,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    conditions: ['source'],
    // Half the text is half the time to start: no name of ours is looked at while it runs.
    minify: true,
    plugins: [reading],
    legalComments: 'none',
    metafile: true,
    write: false,
    logLevel: 'warning',
  });
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const written = outputFiles.map(async ({ path, text }) =>
    writeFile(join(folder, `${basename(path, '.js')}.cjs`), await asCommonJs(text)),
  );
  await Promise.all(written);
  await writeFile(bin, '#!/usr/bin/env node\nrequire("./cli/main.cjs");\n');
  await chmod(bin, 0o755);
  await writeFile(`${bin}.LEGAL.txt`, await printLicences(Object.keys(metafile.inputs)));
}

/** Imports of our own files become calls of `require`; those of a user's backends stay imports. */
async function asCommonJs(text) {
  const { code } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    minify: true,
  });
  return code
    .replace(/\bimport\("(\.\/[^"]+)\.js"\)/g, 'Promise.resolve().then(()=>require("$1.cjs"))')
    .replace(/\brequire\("(\.\/[^"]+)\.js"\)/g, 'require("$1.cjs")');
}

/** The licences of the packages that are in the bundle. */
async function printLicences(inputs) {
  const folders = inputs.map((path) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]);
  // Validators are made by ajv and carry some of it in them, where esbuild doesn't see it.
  folders.push('node_modules/ajv');
  const packages = [...new Set(folders)].filter((folder) => folder !== undefined).sort();
  const sections = packages.map(async (folder) => {
    const { name, version, license } = JSON.parse(
      await readFile(join(folder, 'package.json'), 'utf8'),
    );
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file === undefined ? '' : await readFile(join(folder, file), 'utf8');
    return `${name} ${version} (${license})\n\n${text.trim()}\n`;
  });
  return (await Promise.all(sections)).join(`\n${'-'.repeat(80)}\n\n`);
}
