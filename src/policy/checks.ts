import type { ServiceFile } from './schema-service.js'
import { formatDuration } from './units.js'

/** What is wrong with a service though each of its values is right. `key` says where to point. */
export interface Conflict {
  key: string
  message: string
  hint: string
}

/** Settings that contradict each other or would not do what they seem to say. */
export function conflictsOf(service: ServiceFile): Conflict[] {
  const conflicts: Conflict[] = []
  const { markets, outside, challenge, code } = service
  if (outside !== 'credit' && markets.length === 0) {
    conflicts.push({
      key: 'outside',
      message: `${outside} has no effect: with no markets nothing is outside them`,
      hint: 'name the countries your users live in under markets:',
    })
  }
  if (challenge.cost > challenge.maxCost) {
    conflicts.push({
      key: 'challenge.cost',
      message: `${challenge.cost} is over maxCost ${challenge.maxCost}`,
      hint: 'raise maxCost or lower cost',
    })
  }
  if (code.resendAfter >= code.expires) {
    conflicts.push({
      key: 'code.resendAfter',
      message: `${formatDuration(code.resendAfter)} is not before the code expires (${formatDuration(code.expires)})`,
      hint: 'nobody could ask for a second message; lower it',
    })
  }
  return conflicts
}
