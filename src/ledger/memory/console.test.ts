import { consoleConformance } from '../../../test/conformance/ledger-console.js'
import { memoryLedger } from './memory.js'

consoleConformance('memory', async (clock) => ({ ledger: memoryLedger({ clock }) }))

consoleConformance('memory, numbers hashed', async (clock) => ({
  hashed: true,
  ledger: memoryLedger({ clock, numbers: { hashedWith: Buffer.alloc(32, 7) } }),
}))
