import type { Refilled } from '../memory/layout.js'
import type { Access } from '../memory/record-access.js'

/** The state of one request, filled value by value. */
export interface Reading extends Refilled {
  access: Access
}
