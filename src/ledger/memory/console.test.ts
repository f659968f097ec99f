import { consoleConformance } from '../../../test/conformance/ledger-console.js'
import { memoryLedger } from './memory.js'

consoleConformance('memory', async (clock) => memoryLedger({ clock }))
