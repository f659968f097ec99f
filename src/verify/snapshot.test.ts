import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { layoutOf, lineOf, queryOf } from '../../test/conformance/lines-arrange.js'
import { testFolder } from '../../test/fakes/test-folder.js'
import { createPow } from '../challenge/pow.js'
import { DEFAULT_SERVICE } from '../engine/defaults.js'
import type { Policy } from '../engine/policy.js'
import { DAY } from '../engine/units.js'
import { memoryLedger } from '../ledger/memory/memory.js'
import type { Ledger } from '../ledger/port.js'
import { memoryLines } from '../lines/memory/memory.js'
import { readSnapshot, SNAPSHOT_FORMAT } from '../lines/memory/snapshot.js'
import { createNetwork } from '../network/source.js'
import { createPhone } from '../phone/parse.js'
import type { Provider } from '../send/port.js'
import { createSender } from '../send/sender.js'
import { compose } from './compose.js'
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

function gateOn(ledger: Ledger, file: string, now = T0) {
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
  const clock = () => now
  const keeper = createKeeper({ core, ledger, lines, file, clock })
  const { applied, unrecorded } = keeper
  const secret = Buffer.alloc(32)
  const gate = createGate({
    ...{ core, ledger, clock, applied, unrecorded, codeSecret: secret },
    challenger: createPow({ secret }),
    sender: createSender({ providers: [provider] }),
  })
  const country = queryOf(layoutOf(), { country: 'NG' })
  const reserved = () => lineOf(lines.gather(country, now), 'country').reserved
  return { gate, keeper, reserved }
}

test('a resend that waits for its verification while a snapshot is made is charged once', async () => {
  const folder = testFolder()
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
})

test.each(['start', 'resend'])(
  'a %s that was charged in a snapshot, and killed before it was recorded, is given back',
  async (what) => {
    const folder = testFolder()
    const file = join(folder, 'lines.snapshot')
    const ledger = memoryLedger()
    let killed = false
    const never = new Promise<never>(() => undefined)
    const live = gateOn(
      {
        ...ledger,
        updateVerification: (...given) => (killed ? never : ledger.updateVerification(...given)),
        commit: (records) => (killed && records ? never : ledger.commit(records)),
      },
      file,
    )
    const started = await live.gate.start({ service: 'signup', to: '+2348031230001' })
    if (!started.ok) throw new Error(started.error.message)
    killed = true
    if (what === 'resend') void live.gate.resend(started.value.verification.id)
    else void live.gate.start({ service: 'signup', to: '+2348031230002' })
    await new Promise((resolve) => setImmediate(resolve))
    expect(live.reserved()).toBe(200_000)
    await live.keeper.save()
    for (let again = 0; again < 2; again++) {
      const restarted = gateOn(ledger, file)
      await restarted.keeper.restore()
      expect(restarted.reserved()).toBe(100_000)
      await restarted.keeper.save()
    }
  },
)

test('without a snapshot the ledger of the last fourteen days is read, and no more', async () => {
  const folder = testFolder()
  const file = join(folder, 'lines.snapshot')
  const ledger = memoryLedger()
  for (const [index, age] of [40, 15, 13, 1].entries())
    await gateOn(ledger, file, T0 - age * DAY).gate.start({
      service: 'signup',
      to: `+234803123000${index}`,
    })
  const { keeper, reserved } = gateOn(ledger, file)
  expect(await keeper.restore()).toMatchObject({ snapshotAt: null, charges: 2 })
  expect(reserved()).toBe(200_000)
})

/** The form of JSON without what it says: names of fields, and what they hold. */
function formOf(value: unknown): string {
  if (Array.isArray(value)) return `[${[...new Set(value.map(formOf))].sort().join(' ')}]`
  if (value === null || typeof value !== 'object') return value === null ? 'null' : typeof value
  const fields = Object.entries(value).map(([name, inner]) => `${name}: ${formOf(inner)}`)
  return `{ ${fields.sort().join(', ')} }`
}

test('what a snapshot holds looks as its format says: with any change here SNAPSHOT_FORMAT is another one', async () => {
  const folder = testFolder()
  const file = join(folder, 'lines.snapshot')
  const { gate, keeper } = gateOn(memoryLedger(), file)
  for (const [last, ip] of ['105.112.3.4', '105.112.3.5', undefined].entries())
    await gate.start({
      service: 'signup',
      to: `+23480312300${last}1`,
      deviceId: 'd',
      ...(ip !== undefined && { ip }),
    })
  await keeper.save()
  const found = await readSnapshot<object>(file)
  const digest = (held: string | Uint8Array) => createHash('sha256').update(held).digest('hex')
  expect({
    format: SNAPSHOT_FORMAT,
    image: digest(found?.image ?? ''),
    meta: digest(formOf(found?.meta)),
  }).toEqual({
    format: '3',
    image: '3a5a269395de9281d92ea2326bf6b40589b3f6f319cef6ef0fd4a4e610705937',
    meta: '96bf5597f09f13caeef95347248ca1b23b571b6ebecfd9bbf51abd8e60bb1330',
  })
})

test('what is kept of detection has no number in it, also where the ledger keeps them in clear', async () => {
  const data = testFolder()
  const { gate, save, close } = await compose({
    ...{ data, policy: POLICY, upkeep: false, clock: () => T0 },
    sender: createSender({ providers: [provider] }),
  })
  for (let i = 0; i < 30; i++) {
    const asked = { service: 'signup', to: `+2348031230${100 + i}`, ip: '105.112.3.4' }
    const begun = await gate.start(asked)
    if (begun.ok && i % 3 === 0) await gate.resend(begun.value.verification.id)
  }
  await save()
  const kept = readFileSync(join(data, 'lines.snapshot'), 'latin1')
  expect(kept).toContain('+23480312')
  expect(kept).not.toMatch(/\+23480312\d{4,}/)
  await close()
})
