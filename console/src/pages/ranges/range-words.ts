import type { RangeLevel, RangeRow } from '../../../../src/http/console/ranges-view'
import { countryName } from '../../kit'
import type { PlaybookTarget } from '../../playbook/playbook-button'

export const LEVELS: Record<RangeLevel, { one: string; many: string; below: string }> = {
  country: { one: 'Country', many: 'Countries', below: 'Operators' },
  operator: { one: 'Operator', many: 'Operators', below: 'Blocks' },
  block: { one: 'Block', many: 'Blocks', below: 'Sub-blocks' },
  subBlock: { one: 'Sub-block', many: 'Sub-blocks', below: '' },
}

/** A prefix with the digits that are open behind it. */
const OPEN = { block: '····', subBlock: '···' } as const

/** Name of a range for people. Operators that nobody names are known by their first digits. */
export function rangeName(level: RangeLevel, key: string): string {
  if (level === 'country') return countryName(key)
  if (level !== 'operator') return `${key}${OPEN[level]}`
  const name = key.slice(key.indexOf('/') + 1)
  return /^\d+$/.test(name) ? `Numbers ${name}…` : name
}

/** What the playbook takes a measure on. */
export const targetOf = ({ level, key }: Pick<RangeRow, 'level' | 'key'>): PlaybookTarget => ({
  kind: level === 'country' || level === 'operator' ? level : 'range',
  key,
})

/** Parameters of the address of a range. */
export const placeOf = (row: Pick<RangeRow, 'level' | 'key' | 'operator' | 'block'>) => ({
  level: row.level,
  key: row.key,
  operator: row.level === 'block' || row.level === 'subBlock' ? row.operator : null,
  block: row.level === 'subBlock' ? row.block : null,
})
