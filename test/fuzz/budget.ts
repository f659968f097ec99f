/** Seed of the suite's own runs: the same cases every time. */
const SEED = 20_261_121

const given = (name: string): number | undefined => {
  const text = process.env[name]
  return text === undefined ? undefined : Number(text)
}

/** How much more than in the suite is tried: `npm run fuzz -- --runs 20` tries twenty times as much. */
const times = given('TOLLGATE_FUZZ_RUNS') ?? 1

/** @param runs cases in the suite */
export const budget = (runs: number): { seed: number; numRuns: number } => ({
  seed: given('TOLLGATE_FUZZ_SEED') ?? SEED,
  numRuns: Math.ceil(runs * times),
})

/** Nothing that is asked takes anywhere near as long, ms: what does hangs. */
export const HANG_MS = 30_000

/** The value, or an error that says what hung. */
export async function within<T>(what: () => string, work: Promise<T>, ms = HANG_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const hung = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no end after ${ms} ms: ${what()}`)), ms)
  })
  try {
    return await Promise.race([work, hung])
  } finally {
    clearTimeout(timer)
  }
}
