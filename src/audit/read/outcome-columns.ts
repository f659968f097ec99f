import type { Format } from './formats/format.js'
import { type Recognised, recognise } from './recognise.js'
import { plain, type RoleColumns } from './roles.js'

const words = (text: string): string[] => text.split(' ')

const VERIFIED_AT = words(
  'verifiedat verifiedtime verificationtime approvedat convertedat confirmedat completedat enteredat',
)

/** Names of columns in a file of outcomes, which people write themselves. */
const NAMES: Partial<Record<'id' | 'to' | 'at' | 'outcome' | 'verified', string[]>> = {
  id: words('id messageid sid messagesid messageuuid uuid smsid requestid'),
  to: words(
    'to number phone phonenumber recipient destination msisdn mobile mobilenumber tonumber telephone e164',
  ),
  at: [
    ...VERIFIED_AT,
    ...words('at time timestamp date datetime createdat created senttime sentat datecreated ts'),
  ],
  outcome: words(
    'outcome verified converted conversionstatus isverified approved status result state',
  ),
}

const OUTCOMES: Format = {
  name: 'outcomes',
  source: 'docs/audit.md',
  columns: NAMES,
  signature: [],
}

/**
 * The columns of a file of outcomes: those of a log that knows its outcomes, or by their names. A file without a word for
 * the outcome lists what was verified.
 */
export function recogniseOutcomes(names: readonly string[]): Recognised | null {
  const known = recognise(names)
  if (known !== null && (known.columns.outcome ?? known.columns.verified) !== undefined)
    return known
  const columns: RoleColumns = {}
  const bare = names.map((name) => plain(name))
  for (const role of ['id', 'to', 'at', 'outcome'] as const) {
    const places = (NAMES[role] ?? []).flatMap((name) => {
      const place = bare.indexOf(name)
      return place === -1 ? [] : [place]
    })
    if (places.length > 0) columns[role] = places
  }
  // the time of the verification tells that there was one, where each row has a time of its own besides
  const verified = columns.at?.[0]
  if (columns.outcome === undefined && verified !== undefined && (columns.at?.length ?? 0) > 1)
    if (VERIFIED_AT.includes(bare[verified] ?? '')) columns.verified = [verified]
  const joinable =
    columns.id !== undefined || (columns.to !== undefined && columns.at !== undefined)
  return joinable ? { format: OUTCOMES, columns } : null
}
