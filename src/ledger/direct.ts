import type { Ledger } from './port.js'

/** What every verification asks: each database has its own way. */
export type Direct = Pick<
  Ledger,
  'requests' | 'settle' | 'verification' | 'updateVerification' | 'updateSend'
>

/** What is asked through Kysely. Of `requests` and `updateSend` a database may answer a part by itself. */
export type Others = Omit<Ledger, 'settle' | 'verification' | 'updateVerification'>
