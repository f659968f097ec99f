import type { Ledger } from './port.js'

/** What every verification asks: each database has its own way. Of other requests it may answer some by itself. */
export type Direct = Pick<
  Ledger,
  'sessionSends' | 'settle' | 'verification' | 'updateVerification' | 'updateSend'
> &
  Partial<Pick<Ledger, 'requests'>>

/** What is asked through Kysely. */
export type Others = Omit<Ledger, 'sessionSends' | 'settle' | 'verification' | 'updateVerification'>
