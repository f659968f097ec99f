import { InvalidArgumentError } from 'commander'
import { PARTS, type Part } from '../lab/bench/parts.js'

/** Names with commas between them. */
export const namesOf = (text: string): string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')

export function partsOf(text: string): Part[] {
  return namesOf(text).map((name) => {
    const part = PARTS.find((known) => known === name)
    if (part === undefined) throw new InvalidArgumentError(`give of ${PARTS.join(', ')}`)
    return part
  })
}

/** A whole number of at least 1. */
export function atLeastOne(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw new InvalidArgumentError('give a whole number of at least 1')
}

/** A factor over 0. */
export function factorOf(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value
  throw new InvalidArgumentError('give a number over 0, such as 0.5')
}
