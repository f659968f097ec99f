// A gate as the benches drive it: the production parts, an enforcing policy wide enough that nothing is refused.

import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPow } from '../dist/challenge/pow.js'
import { DEFAULT_POLICY, DEFAULT_SERVICE } from '../dist/engine/defaults.js'
import { openSqliteLedger } from '../dist/ledger/sqlite/open.js'
import { memoryLines } from '../dist/lines/memory/memory.js'
import { sourceFacts } from '../dist/network/source.js'
import { parseNumber } from '../dist/phone/parse.js'
import { examplePrices } from '../dist/phone/prices.js'
import { consoleProvider } from '../dist/send/console.js'
import { createSender } from '../dist/send/sender.js'
import { createCore } from '../dist/verify/core.js'
import { createGate } from '../dist/verify/gate.js'

export async function createBenchGate(ledgerKind) {
  // every rule and line of the default, with limits that a load of unverified requests does not reach
  const service = {
    ...DEFAULT_SERVICE,
    name: 'signup',
    mode: 'enforce',
    markets: ['NG'],
    fraudBudgetMicroUsd: 1e15,
    lines: Object.fromEntries(
      Object.entries(DEFAULT_SERVICE.lines).map(([name, line]) => [
        name,
        { ...line, opening: 1e15, openingOutside: 1e15 },
      ]),
    ),
    rateLimits: DEFAULT_SERVICE.rateLimits.map((r) => ({ ...r, limit: 1e9 })),
    distinct: DEFAULT_SERVICE.distinct.map((d) => ({ ...d, limit: 1e9 })),
  }
  const policy = { ...DEFAULT_POLICY, mode: 'enforce', services: { signup: service } }
  const prices = examplePrices()
  const core = createCore({
    policy,
    policyVersion: 1,
    lines: memoryLines({ capacity: 20_000_000 }),
    facts: { parseNumber, sourceFacts, priceOf: (n) => prices.priceOf(n), numberKey: (n) => n },
  })
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-bench-'))
  const ledger =
    ledgerKind === 'sqlite'
      ? await openSqliteLedger({ file: join(folder, 'ledger.sqlite'), numbers: 'clear' })
      : (await import('../dist/ledger/memory/memory.js')).memoryLedger({ capacity: 2_000_000 })
  const sender = createSender({ providers: [consoleProvider({ write: () => undefined })] })
  const challenger = createPow({ secret: randomBytes(32) })
  const gate = createGate({
    core,
    ledger,
    sender,
    challenger,
    clock: Date.now,
    codeSecret: randomBytes(32),
  })
  return {
    gate,
    core,
    ledger,
    sender,
    async close() {
      await ledger.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
