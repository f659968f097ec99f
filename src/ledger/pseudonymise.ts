import type { Numbers } from './numbers.js'
import type { RequestRow, VerificationRow, VerificationStatus } from './rows.js'

/** A verification in one of these still waits for somebody: it can expire, and retention leaves it alone. */
export const OPEN_STATUS = [
  'challenge_required',
  'held',
  'sent',
] as const satisfies readonly VerificationStatus[]

const isOpen = (status: VerificationStatus) => OPEN_STATUS.some((open) => open === status)

export function hideRequest(row: RequestRow, numbers: Numbers): RequestRow {
  const number = numbers.numberKey(row.number)
  return number === row.number ? row : { ...row, number }
}

export function hideVerification(row: VerificationRow, numbers: Numbers): VerificationRow {
  return numbers.pseudonymises ? { ...row, ...hideVerificationPatch(row.id, row, numbers) } : row
}

/** Seals what the patch says of the number; a patch that ends the verification takes its number away. */
export function hideVerificationPatch<Patch extends Partial<VerificationRow>>(
  id: string,
  patch: Patch,
  numbers: Numbers,
): Patch {
  if (!numbers.pseudonymises) return patch
  const hidden = { ...patch }
  if (patch.number !== undefined) hidden.number = numbers.numberKey(patch.number)
  if (patch.to !== undefined) hidden.to = numbers.seal(patch.to, id)
  if (patch.status !== undefined && !isOpen(patch.status)) hidden.to = ''
  return hidden
}

export function showVerification(row: VerificationRow, numbers: Numbers): VerificationRow {
  return numbers.pseudonymises ? { ...row, to: numbers.open(row.to, row.id) } : row
}
