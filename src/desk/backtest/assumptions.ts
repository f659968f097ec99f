import type { Policy } from '../../engine/policy.js'
import type { TrialSummary } from './trial.js'

const count = (n: number): string => n.toLocaleString('en-US')
const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`

interface Circumstances {
  summary: TrialSummary
  sampled: number
  /** the replay was ended by its time before it reached the end */
  cut: boolean
  enforce: boolean
  proposed: Policy
}

/** What a replay takes for granted, in sentences that stand beside its figures. */
export function assumptionsOf(of: Circumstances): string[] {
  const { summary, sampled, cut, enforce, proposed } = of
  const { current, proposed: after, hashed, warmed } = summary
  const told: string[] = []
  const modes = new Set(
    [...Object.values(proposed.services), proposed.fallback].flatMap((service) =>
      service === null ? [] : [service.mode],
    ),
  )
  if (enforce) told.push('Both policies are replayed as if every service enforced them.')
  else if (modes.has('monitor'))
    told.push(
      'Services in monitor mode refuse nothing in the replay either. Replay as if enforced to see what they would refuse.',
    )
  const unknown = Math.max(current.unknownRefused, after.unknownRefused)
  if (unknown > 0) {
    const hundredth = Math.ceil(after.unknownRefused / 100)
    told.push(
      `What was refused when it was recorded never was sent, and is taken as never verified, unless the number verified within a day. ` +
        `If 1 % of the ${count(after.unknownRefused)} such requests that the proposed policy refuses were people, it refuses ${count(hundredth)} more of them.`,
    )
  }
  told.push(
    'People solve the challenge they are asked for; of the others only those who solved one when it was recorded.',
    warmed > 0
      ? 'The day before is replayed first, so that both policies begin with lines in use; what numbers earned earlier is new to both.'
      : 'Both policies begin with empty lines: the ledger has nothing earlier.',
    'Actions of the playbook are not replayed; lists are taken as they are now.',
  )
  if (hashed > 0)
    told.push(
      'Numbers are kept as hashes: entries of single numbers in lists match nobody, and sub-blocks are drawn at random.',
    )
  if (sampled < 1)
    told.push(
      `There is more traffic than is replayed: ${percent(sampled)} of the number blocks, each with all of its requests. ` +
        'Blocks and numbers are exact; countries, operators, sources and spend caps are met by that share of their traffic only, so that they are reached later than they would be.',
    )
  if (cut) told.push('The replay was ended when its time was over, before it had reached the end.')
  return told
}
