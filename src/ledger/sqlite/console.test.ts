import { consoleConformance } from '../../../test/conformance/ledger-console.js'
import { directories } from '../../../test/conformance/ledger-files.js'
import { openSqliteLedger } from './open.js'

const newDirectory = directories()

consoleConformance('sqlite', (clock) =>
  openSqliteLedger({ file: `${newDirectory()}/ledger.sqlite`, numbers: 'clear', clock }),
)
