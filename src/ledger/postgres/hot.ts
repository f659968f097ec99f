import type { Appended } from '../appended.js'
import type { Numbers } from '../numbers.js'
import type { TypeOf } from './columns.js'
import type { Run } from './connection.js'
import type { GatherOptions } from './gather.js'
import type { Partitions } from './partitions.js'

/** What statements that come with every verification need. */
export interface Hot {
  run: Run
  /** what is asked about must not wait in it */
  log: Appended
  partitions: Partitions
  numbers: Numbers
  typeOf: TypeOf
  limits: Pick<GatherOptions<unknown, unknown>, 'most' | 'isOfOne'>
}
