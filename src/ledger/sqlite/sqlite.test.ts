import { ledgerConformance } from '../../../test/conformance/ledger.js'
import { directories } from '../../../test/conformance/ledger-files.js'
import { openSqliteLedger } from './open.js'

const newDirectory = directories()

ledgerConformance('sqlite, in memory', () =>
  openSqliteLedger({ file: ':memory:', numbers: 'clear' }),
)

ledgerConformance('sqlite, in a file', () =>
  openSqliteLedger({ file: `${newDirectory()}/ledger.sqlite`, numbers: 'clear' }),
)

ledgerConformance('sqlite, in a file, numbers hashed', () =>
  openSqliteLedger({
    file: `${newDirectory()}/ledger.sqlite`,
    numbers: { hashedWith: Buffer.alloc(32, 7) },
  }),
)

ledgerConformance('sqlite, in a file, numbers encrypted', () =>
  openSqliteLedger({
    file: `${newDirectory()}/ledger.sqlite`,
    numbers: {
      hashedWith: Buffer.alloc(32, 7),
      encryptedWith: { from: 'here', keys: [{ id: 'k1', secret: Buffer.alloc(32, 8) }] },
    },
  }),
)
