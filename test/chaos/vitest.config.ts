import { defineConfig } from 'vitest/config'

/** The chaos suite: `npm run test:chaos`. One topology after the other, each in a process of its own. */
export default defineConfig({
  test: {
    include: ['test/chaos/**/*.chaos.ts'],
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
    retry: 0,
  },
})
