// The architecture, as a list in the order of the pipeline: a layer imports only from its left.

const layers = [
  'text',
  'diagnostics',
  'yaml',
  'match',
  'condition',
  'rule',
  'logsource',
  'plan',
  'lint',
  'mutate',
  'fields',
  'backend',
  'engine',
  'library',
  'coverage',
  'site',
  'diff',
  'publish',
  'scaffold',
  'cli',
];
const compileSees = layers.slice(0, layers.indexOf('backend') + 1);
const anyOf = (names) => `^src/(${names.join('|')})/`;

export default {
  forbidden: [
    ...layers.slice(0, -1).map((layer, index) => ({
      name: `${layer}-imports-upstream-only`,
      severity: 'error',
      from: { path: `^src/${layer}/` },
      to: { path: anyOf(layers.slice(index + 1)) },
    })),
    {
      name: 'every-folder-is-a-layer',
      comment: 'A new folder of src belongs into the list above.',
      severity: 'error',
      from: { path: '^(src|backends)/' },
      to: { path: '^src/[^/]+/', pathNot: anyOf(layers) },
    },
    {
      name: 'compile-imports-the-pipeline-only',
      severity: 'error',
      from: { path: '^src/compile\\.ts$' },
      to: { path: '^src/[^/]+/', pathNot: anyOf(compileSees) },
    },
    {
      name: 'the-pipeline-does-not-compile',
      comment: 'compile.ts uses the stages; the stages know nothing of it.',
      severity: 'error',
      from: { path: anyOf(compileSees) },
      to: { path: '^src/(compile|index)\\.ts$' },
    },
    {
      name: 'nobody-imports-the-public-api',
      severity: 'error',
      from: { path: '^(src|backends)/' },
      to: { path: '^src/index\\.ts$' },
    },
    {
      name: 'backends-use-the-contract',
      severity: 'error',
      from: { path: '^backends/[^/]+/' },
      to: { path: '^src/', pathNot: '^src/backend/index\\.ts$' },
    },
    {
      name: 'backends-are-strangers',
      severity: 'error',
      from: { path: '^backends/([^/]+)/' },
      to: { path: '^backends/', pathNot: '^backends/$1/' },
    },
    {
      name: 'only-the-cli-knows-backends',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli/' },
      to: { path: '^backends/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'imports-resolve',
      severity: 'error',
      from: { path: '^(src|backends)/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
    },
  },
};
