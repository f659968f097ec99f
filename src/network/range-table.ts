import type { Tables } from '../tables/read.js'
import { type Address, join } from './address.js'

/**
 * Values by address: sorted starts of ranges and the value of each. An IPv6 address is looked up by its upper half (the
 * first address of its /64).
 *
 * @returns look-up of the value of an address, 0 where the table has none
 */
export function readRangeTable(tables: Tables<unknown>): (address: Address) => number {
  const v4Starts = tables.u32('v4Starts')
  const v4Values = tables.u32('v4Values')
  const v6High = tables.u32('v6High')
  const v6Low = tables.u32('v6Low')
  const v6Values = tables.u32('v6Values')

  const valueOfV4 = (value: number) => {
    let from = 0
    let to = v4Starts.length
    while (from < to) {
      const middle = (from + to) >>> 1
      if ((v4Starts[middle] ?? 0) <= value) from = middle + 1
      else to = middle
    }
    return v4Values[from - 1] ?? 0
  }

  const valueOfV6 = (high: number, low: number) => {
    let from = 0
    let to = v6High.length
    while (from < to) {
      const middle = (from + to) >>> 1
      const start = v6High[middle] ?? 0
      if (start < high || (start === high && (v6Low[middle] ?? 0) <= low)) from = middle + 1
      else to = middle
    }
    return v6Values[from - 1] ?? 0
  }

  return (address) => {
    if (address.version === 4) return valueOfV4(address.value)
    const { groups } = address
    return valueOfV6(join(groups[0], groups[1]), join(groups[2], groups[3]))
  }
}
