// Unit tests run on the TypeScript sources: the condition `maibo-source` leads each package's door to its index.ts.
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Where CI wants the results as JSON, beside what people read. */
const reportFile = process.env.MAIBO_TEST_REPORT;

export default defineConfig({
  resolve: { conditions: ['maibo-source', 'node', 'import', 'default'] },
  ssr: { resolve: { conditions: ['maibo-source', 'node', 'import', 'default'] } },
  test: {
    include: ['{protocols,firmware-wasm,sdk,simulator,bench}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    // A property that takes five seconds alone may take ten times that beside other work.
    testTimeout: 60_000,
    // Left alone it takes one less than there are processors: on two, one. Much of what is tested waits.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    ...(reportFile && { reporters: ['default', ['json', { outputFile: reportFile }]] }),
  },
});
