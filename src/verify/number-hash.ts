/**
 * What the detector remembers of numbers: hashed, whatever the ledger does, for its memory is kept and outlives an erasure.
 * The last answer is at hand: a request's number is asked for several times, one after the other.
 * @returns '' for no number
 */
export function remembering(hash: (numberKey: string) => string): (numberKey: string) => string {
  let last = ''
  let known = ''
  return (numberKey) => {
    if (numberKey !== last) {
      last = numberKey
      known = numberKey === '' ? '' : hash(numberKey)
    }
    return known
  }
}
