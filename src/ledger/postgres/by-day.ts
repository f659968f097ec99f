import type { IdPrefix } from '../timed-id.js'
import { codeOf, NO_SUCH_TABLE } from './faults.js'
import type { PartitionedTable, Partitions } from './partitions.js'

/**
 * Splits asks about rows by the day that their ids were made in, mostly one, and asks each day's partition.
 * @param ask one statement about rows of a table, by its name in SQL
 * @returns what all of them gave, by id
 */
export function byDay<Ask extends { id: string }, Row>(
  {
    partitions,
    table,
    prefix,
  }: { partitions: Partitions; table: PartitionedTable; prefix?: IdPrefix },
  ask: (name: string, asks: readonly Ask[]) => Promise<readonly (readonly [string, Row])[]>,
) {
  async function inDay(name: string, asks: readonly Ask[]) {
    try {
      return await ask(name, asks)
    } catch (error) {
      if (name === table || codeOf(error) !== NO_SUCH_TABLE) throw error
      for (const { id } of asks) partitions.gone(id)
      return ask(table, asks)
    }
  }

  return async (asks: readonly Ask[]): Promise<Map<string, Row>> => {
    const days = new Map<string, Ask[]>()
    // in the order of ids: two gateways that change the same rows never wait for each other
    for (const one of asks.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
      const name = partitions.of(table, one.id, prefix)
      const known = days.get(name)
      if (known === undefined) days.set(name, [one])
      else known.push(one)
    }
    const found = new Map<string, Row>()
    for (const [name, of] of days) for (const [id, row] of await inDay(name, of)) found.set(id, row)
    return found
  }
}
