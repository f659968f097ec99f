import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { LifeErrorCode, Result, StartResult } from '../../src/index.js'

/** The process was killed before it answered: whoever asked does not know what became of it. */
export class Killed extends Error {}

type Order =
  | { do: 'start'; request: Record<string, unknown> }
  | { do: 'resend'; id: string }
  | { do: 'check'; id: string; code: string }
  | { do: 'save' }

/** A child process with a gate in it. */
export interface Victim {
  ready: Promise<void>
  /** @returns the gate's result as it came over the pipe; rejects with {@link Killed} */
  ask<T>(order: Order): Promise<Result<T>>
  kill(): Promise<void>
  /** what it was asked and has not answered, for whoever wonders why nothing goes on */
  unanswered(): Order[]
}

/** @param killAt called with every answer so far; `true` kills at once, 'opening' counts as answer 0 */
export function spawnVictim(
  script: string,
  args: string[],
  killAt: (answers: number) => boolean,
): Victim {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  const waiting = new Map<
    number,
    { order: Order; resolve: (result: never) => void; reject: (error: Error) => void }
  >()
  let asked = 0
  let answers = 0
  let dead = false
  let end = new Killed()
  const exited = once(child, 'close').then(([code, signal]) => {
    dead = true
    if (signal !== 'SIGKILL') end = new Error(`the gate ended of its own: ${signal ?? code}`)
    for (const { reject } of waiting.values()) reject(end)
  })
  let isReady = () => undefined as unknown
  const ready = new Promise<void>((resolve, reject) => {
    isReady = () => resolve()
    void exited.then(() => reject(end))
  })
  ready.catch(() => undefined)
  // what was asked of a process that has just been killed ends in its closed pipe
  child.stdin.on('error', () => undefined)
  const kill = () => {
    child.kill('SIGKILL')
    return exited
  }
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { state, n, result } = JSON.parse(line)
    if (state === 'ready') return isReady()
    if (n !== undefined) {
      waiting.get(n)?.resolve(result as never)
      waiting.delete(n)
      answers++
    }
    if (killAt(answers)) void kill()
  })
  return {
    ready,
    ask<T>(order: Order) {
      return new Promise<Result<T>>((resolve, reject) => {
        if (dead) return reject(end)
        const n = asked++
        waiting.set(n, { order, resolve: resolve as (result: never) => void, reject })
        child.stdin.write(`${JSON.stringify({ n, ...order })}\n`)
      })
    },
    kill,
    unanswered: () => [...waiting.values()].map(({ order }) => order),
  }
}

export interface Person {
  n: number
  to: string
  id: string | null
  /** the gate has said so */
  verified: boolean
  done: boolean
  wants: 'code' | 'another code' | 'nothing'
}

/**
 * One person's way through a verification, to be taken up again after a crash where the person stood: the same
 * idempotency key, another message where none has come, the code that did come.
 */
export async function walk(
  person: Person,
  victim: Victim,
  codesOf: (to: string) => string[],
): Promise<void> {
  const { n, to } = person
  if (person.id === null) {
    const started = await victim.ask<StartResult>({
      do: 'start',
      request: {
        service: 'signup',
        to,
        deviceId: `device-${n}`,
        accountId: `account-${n}`,
        ip: `10.${n >> 8}.${n & 255}.1`,
        idempotencyKey: `form-${n}`,
      },
    })
    const { id, status } = expectOk(started).verification
    if (status !== 'sent')
      throw new Error(
        `person ${n} was not sent a code: ${status} ${JSON.stringify(expectOk(started).decision.reasons)}`,
      )
    person.id = id
  }
  const wanted = person.wants === 'another code' ? 2 : 1
  while (codesOf(to).length < wanted) {
    const { decision } = expectOk(await victim.ask<StartResult>({ do: 'resend', id: person.id }))
    if (decision.verdict !== 'allow')
      throw new Error(
        `person ${n} was not sent another code: ${decision.verdict} ${JSON.stringify(decision.reasons)}`,
      )
  }
  if (person.wants !== 'nothing') {
    const code = codesOf(to).at(-1) ?? ''
    const checked = await victim.ask<{ status: string }>({ do: 'check', id: person.id, code })
    // the answer before the crash may have been on its way
    const before =
      !checked.ok && checked.error.code === ('already_verified' satisfies LifeErrorCode)
    if (!before && expectOk(checked).status !== 'verified')
      throw new Error(`the code of person ${n} was refused`)
    person.verified = true
  }
  person.done = true
}

function expectOk<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`)
  return result.value
}
