import { defineConfig, type ViteUserConfig } from 'vitest/config';

const conditions = ['source', 'module', 'node', 'development|production'];

const config: ViteUserConfig = defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/soak/**', 'node_modules/**'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Test files share a process: nothing under test keeps state, and loading it costs the most.
    pool: 'forks',
    isolate: false,
    // One for each of two cores, which is what continuous integration has at least.
    maxWorkers: 2,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts', 'backends/**/*.ts'],
      exclude: ['**/*.generated.*'],
      reporter: ['text-summary', 'html'],
    },
  },
});

export default config;
