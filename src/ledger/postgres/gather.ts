/** A statement under way for so long may be waiting for a lock: others of its kind do not wait with it, ms. */
const PATIENCE_MS = 50
/** Statements of one kind under way at once, when the first ones stand still. */
const LANES = 2

export interface GatherOptions<Ask, Answer> {
  /** One statement, or a few: all of it or nothing. Answers are in the order of what was asked. */
  run(asks: readonly Ask[]): Promise<readonly Answer[]>
  /** asks of one key go one after the other, each in a statement of its own. @default they may share one */
  keyOf?(ask: Ask): string
  /** asks of one statement */
  most: number
  /** whether an error is the fault of one ask, so that the others are to be tried without it */
  isOfOne(error: unknown): boolean
}

interface Waiting<Ask, Answer> {
  ask: Ask
  resolve(answer: Answer): void
  reject(error: unknown): void
}

/**
 * What is asked in one turn of the event loop, and while a statement of this kind is under way, shares the next one:
 * nobody waits where there is little to do, and the busier it is the fewer statements there are for each ask.
 */
export function gather<Ask, Answer>(
  options: GatherOptions<Ask, Answer>,
): (ask: Ask) => Promise<Answer> {
  const { run, keyOf, most, isOfOne } = options
  let queue: Waiting<Ask, Answer>[] = []
  const atWork = new Set<string>()
  let running = 0
  let stuck = 0
  let scheduled = false

  function schedule(): void {
    if (scheduled || queue.length === 0 || running > stuck || running >= LANES) return
    scheduled = true
    setImmediate(start)
  }

  function take(): Waiting<Ask, Answer>[] {
    if (keyOf === undefined) return queue.splice(0, most)
    const taken: Waiting<Ask, Answer>[] = []
    const left: Waiting<Ask, Answer>[] = []
    for (const waiting of queue) {
      const key = keyOf(waiting.ask)
      if (taken.length >= most || atWork.has(key)) {
        left.push(waiting)
        continue
      }
      atWork.add(key)
      taken.push(waiting)
    }
    queue = left
    return taken
  }

  function start(): void {
    scheduled = false
    const batch = take()
    if (batch.length === 0) return
    running++
    let late = false
    const patience = setTimeout(() => {
      late = true
      stuck++
      schedule()
    }, PATIENCE_MS)
    void answer(batch).then(() => {
      clearTimeout(patience)
      running--
      if (late) stuck--
      if (keyOf !== undefined) for (const { ask } of batch) atWork.delete(keyOf(ask))
      schedule()
    })
  }

  async function answer(batch: readonly Waiting<Ask, Answer>[]): Promise<void> {
    try {
      const answers = await run(batch.map(({ ask }) => ask))
      for (const [i, { resolve }] of batch.entries()) resolve(answers[i] as Answer)
    } catch (error) {
      if (batch.length > 1 && isOfOne(error)) for (const one of batch) await answer([one])
      else for (const { reject } of batch) reject(error)
    }
  }

  return (ask) =>
    new Promise((resolve, reject) => {
      queue.push({ ask, resolve, reject })
      schedule()
    })
}

/** Asks that are alike in something share statements with each other only. @param kindOf few different ones, none from strangers */
export function gatherKinds<Ask, Answer>(
  kindOf: (ask: Ask) => string,
  options: GatherOptions<Ask, Answer>,
): (ask: Ask) => Promise<Answer> {
  const kinds = new Map<string, (ask: Ask) => Promise<Answer>>()
  return (ask) => {
    const kind = kindOf(ask)
    const known = kinds.get(kind) ?? gather(options)
    kinds.set(kind, known)
    return known(ask)
  }
}
