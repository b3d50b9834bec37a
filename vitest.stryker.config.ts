/** The tests that a mutant is run against (stryker.config.json): those of dsl and src/category, shortened. */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/dsl/**/*.test.ts', 'test/src/category/**/*.test.ts'],
    // The first two ask the TypeScript compiler, which sees no mutant; the last builds diagrams of 100,000 boxes.
    exclude: ['compile-errors', 'type-budget', 'codec-size'].map((name) => `test/dsl/${name}.test.ts`),
    setupFiles: ['test/support/mutation-run.ts'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // Each mutant gets a fresh worker anyway; a fresh one for each file of tests costs ten times as much.
    isolate: false,
  },
})
