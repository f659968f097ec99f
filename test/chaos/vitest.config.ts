import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** The longest first, so that the shorter ones run beside it. */
const ORDER = ['cluster', 'embedded', 'sentinel', 'single']

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number =>
      ORDER.findIndex((name) => moduleId.endsWith(`/${name}.chaos.ts`))
    return [...files].sort((a, b) => place(a) - place(b))
  }
}

/** The chaos suite: `npm run test:chaos`. Two topologies at once, each in a process of its own. */
export default defineConfig({
  test: {
    include: ['test/chaos/**/*.chaos.ts'],
    pool: 'forks',
    maxWorkers: Number(process.env.TOLLGATE_CHAOS_LANES ?? 2),
    sequence: { sequencer: LongestFirst },
    retry: 0,
  },
})
