import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      'src/**/*.test.ts',
      'console/src/**/*.test.ts',
      'test/**/*.test.ts',
      'examples/**/*.test.ts',
    ],
    // every line that any gateway logs is read when all tests are over
    globalSetup: ['test/suite-log/setup.ts'],
    // processes, not threads: native modules, signals and exit codes are among what is tested
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 180_000,
    hookTimeout: 120_000,
    // a test that needs a second try is a flake to be mended
    retry: 0,
  },
})
