import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { layoutOf, lineOf, queryOf } from '../../test/conformance/lines-arrange.js'
import { createPow } from '../challenge/pow.js'
import { DEFAULT_SERVICE } from '../engine/defaults.js'
import type { Policy } from '../engine/policy.js'
import { memoryLedger } from '../ledger/memory/memory.js'
import type { Ledger } from '../ledger/port.js'
import { memoryLines } from '../lines/memory/memory.js'
import { createNetwork } from '../network/source.js'
import { createPhone } from '../phone/parse.js'
import type { Provider } from '../send/port.js'
import { createSender } from '../send/sender.js'
import { createCore } from './core.js'
import { createGate } from './gate.js'
import { createKeeper } from './snapshot.js'

const T0 = Date.UTC(2026, 10, 20, 12)
const POLICY: Policy = {
  version: 1,
  mode: 'enforce',
  spendCaps: [],
  services: { signup: { ...DEFAULT_SERVICE, name: 'signup', mode: 'enforce', markets: ['NG'] } },
  fallback: null,
}
const provider: Provider = {
  name: 'own',
  send: async ({ idempotencyKey }) => ({
    ok: true,
    providerId: idempotencyKey,
    priceMicroUsd: null,
  }),
  receipts: () => null,
}

function gateOn(ledger: Ledger, file: string) {
  const lines = memoryLines({ seed: 1 })
  const core = createCore({
    ...{ policy: POLICY, policyVersion: 1, lines },
    facts: {
      parseNumber: createPhone().parse,
      sourceFacts: createNetwork().sourceFacts,
      priceOf: () => 100_000,
      numberKey: (e164) => e164,
    },
  })
  const clock = () => T0
  const keeper = createKeeper({ core, ledger, lines, file, clock })
  const { applied, unrecorded } = keeper
  const secret = Buffer.alloc(32)
  const gate = createGate({
    ...{ core, ledger, clock, applied, unrecorded, codeSecret: secret },
    challenger: createPow({ secret }),
    sender: createSender({ providers: [provider] }),
  })
  const country = queryOf(layoutOf(), { country: 'NG' })
  const reserved = () => lineOf(lines.gather(country, T0), 'country').reserved
  return { gate, keeper, reserved }
}

test('a resend that waits for its verification while a snapshot is made is charged once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-snapshot-'))
  const file = join(folder, 'lines.snapshot')
  const ledger = memoryLedger()
  let waiting = Promise.resolve()
  const slow: Ledger = {
    ...ledger,
    async updateVerification(...given) {
      await waiting
      return ledger.updateVerification(...given)
    },
  }
  const live = gateOn(slow, file)
  const started = await live.gate.start({ service: 'signup', to: '+2348031230001' })
  if (!started.ok) throw new Error(started.error.message)
  let go = (): void => undefined
  waiting = new Promise((resolve) => {
    go = resolve
  })
  const again = live.gate.resend(started.value.verification.id)
  await new Promise((resolve) => setImmediate(resolve))
  expect(live.reserved()).toBe(200_000)
  await live.keeper.save()
  go()
  expect((await again).ok).toBe(true)
  const restarted = gateOn(ledger, file)
  await restarted.keeper.restore()
  expect(restarted.reserved()).toBe(live.reserved())
  rmSync(folder, { recursive: true })
})
