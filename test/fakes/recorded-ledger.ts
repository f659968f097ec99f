import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { solvePow } from '../../src/challenge/solve.js'
import { createLive } from '../../src/desk/live.js'
import type { DeskParts } from '../../src/desk/parts.js'
import type { Policy } from '../../src/engine/policy.js'
import { MINUTE, SECOND } from '../../src/engine/units.js'
import { examplePrices } from '../../src/phone/prices.js'
import type { OutgoingMessage, Sender } from '../../src/send/port.js'
import { type Composed, compose } from '../../src/verify/compose.js'
import { codeIn, enforce, T0, value } from '../e2e/stage.js'

/** A gate on a real SQLite ledger under a clock of its own, and people and pumps that go through it. */
export async function recordedLedger(
  options: {
    policy?: Policy
    policyText?: string
    policyBy?: string
    numbers?: 'clear' | 'hashed'
    policyFile?: string
  } = {},
) {
  const data = mkdtempSync(join(tmpdir(), 'tollgate-recorded-'))
  let now = T0
  const messages: { to: string; body: string }[] = []
  const sender: Sender = {
    send: async ({ to, body, idempotencyKey }: OutgoingMessage) => {
      messages.push({ to, body })
      return { ok: true, provider: 'test', providerId: idempotencyKey, priceMicroUsd: null }
    },
    parseReceipts: () => null,
    status: () => [],
  } as unknown as Sender
  const composed: Composed = await compose({
    policy: options.policy ?? enforce(),
    ...(options.policyText !== undefined && { policyText: options.policyText }),
    ...(options.policyBy !== undefined && { policyBy: options.policyBy }),
    sender,
    data,
    clock: () => now,
    upkeep: false,
    numbers: options.numbers ?? 'clear',
  })
  const { gate, ledger } = composed
  const parts: DeskParts = {
    gate,
    ledger,
    sender,
    live: createLive({ clock: () => now, first: 0 }),
    clock: () => now,
    random: randomBytes,
    prices: examplePrices(),
    deskKey: composed.deskKey,
    deployment: {
      version: '0.0.0',
      publicUrl: null,
      policyFile: options.policyFile ?? null,
      configFile: null,
      data,
      providers: [{ name: 'test', type: 'http', receipts: false }],
      numbers: options.numbers ?? 'clear',
      trustProxies: [],
      retention: { requestsMs: 1, verificationsMs: 1 },
      simulation: false,
    },
    warn: (error) => {
      throw error
    },
  }

  async function advance(ms: number): Promise<void> {
    now += ms
    await gate.tick()
  }

  return {
    parts,
    composed,
    gate,
    ledger: parts.ledger,
    messages,
    now: () => now,
    advance,
    /** Asks for a code, solves what is asked for, and enters the code. @returns the verdict that was met first */
    async person(to: string, more: { ip?: string; deviceId?: string; gives?: boolean } = {}) {
      const { gives = true, ...source } = more
      const started = value(await gate.start({ service: 'signup', to, ...source }))
      const { id } = started.verification
      const { verdict } = started.decision
      if (started.challenge !== null) {
        const solution = await solvePow(started.challenge.payload)
        await gate.solve(id, { type: 'pow', solution })
      }
      now += 20 * SECOND
      if (gives && (await ledger.verification(id))?.status === 'sent')
        value(await gate.check(id, codeIn(messages.at(-1)?.body)))
      await advance(SECOND)
      return verdict
    },
    /** A pump: asks for so many numbers of one block and enters no code. */
    async pump(block: string, requests: number, everyMs = 10 * SECOND) {
      const verdicts: string[] = []
      for (let i = 0; i < requests; i++) {
        const to = `${block}${String(i).padStart(4, '0')}`
        const started = value(
          await gate.start({ service: 'signup', to, ip: `105.113.${i % 250}.9` }),
        )
        verdicts.push(started.decision.verdict)
        await advance(everyMs)
      }
      await advance(5 * MINUTE)
      return verdicts
    },
    async close() {
      await composed.close()
      rmSync(data, { recursive: true, force: true })
    },
  }
}
