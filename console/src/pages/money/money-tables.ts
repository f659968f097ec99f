import type { Figures, FiguresOf } from '../../../../src/report/figures'
import type { MoneyOfMonth } from '../../../../src/report/money'
import {
  type ExportColumn,
  type ExportedTable,
  exportTable,
  inPercent,
  inUsd,
} from '../../kit/export-table'
import { countryName } from '../../kit/figures'

const OF_REQUESTS: readonly ExportColumn<Figures>[] = [
  ['requests', ({ requests }) => requests],
  ['challenged_requests', ({ challenged }) => challenged],
  ['held_requests', ({ held }) => held],
  ['denied_requests', ({ denied }) => denied],
]
const OF_SENDS: readonly ExportColumn<Figures>[] = [
  ['messages', ({ sends }) => sends],
  ['verified_messages', ({ verified }) => verified],
  ['failed_messages', ({ failed }) => failed],
  ['conversion_percent', ({ conversion }) => inPercent(conversion)],
  ['spend_usd', ({ spendMicroUsd }) => inUsd(spendMicroUsd)],
  ['verified_usd', ({ verifiedMicroUsd }) => inUsd(verifiedMicroUsd)],
  ['wasted_usd', ({ wastedMicroUsd }) => inUsd(wastedMicroUsd)],
  ['open_usd', ({ openMicroUsd }) => inUsd(openMicroUsd)],
]
const OF_REFUSALS: readonly ExportColumn<Figures>[] = [
  ['saved_usd', ({ savedMicroUsd }) => inUsd(savedMicroUsd)],
  ['would_save_usd', ({ wouldSaveMicroUsd }) => inUsd(wouldSaveMicroUsd)],
  ['refused_numbers', ({ refusedNumbers }) => refusedNumbers],
]
const ALL = [...OF_REQUESTS, ...OF_SENDS, ...OF_REFUSALS]

const key = ({ key: of }: FiguresOf): string => of

/** A month's money for spreadsheets, by day, country, operator and provider: the figures of the page, unrounded. */
export const MONEY_TABLES = {
  days: ({ days }: MoneyOfMonth) =>
    exportTable([['day_utc', ({ at }) => new Date(at).toISOString().slice(0, 10)], ...ALL], days),
  countries: ({ countries }: MoneyOfMonth) =>
    exportTable(
      [['country', key], ['country_name', (row) => countryName(key(row))], ...ALL],
      countries,
    ),
  operators: ({ operators }: MoneyOfMonth) =>
    exportTable([['operator', key], ['country', ({ parent }) => parent], ...ALL], operators),
  providers: ({ providers }: MoneyOfMonth) =>
    exportTable([['provider', key], ...OF_SENDS], providers),
} satisfies Record<string, (money: MoneyOfMonth) => ExportedTable>
