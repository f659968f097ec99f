import { Progress } from '@mantine/core'
import { Link } from 'wouter'
import type { MoneyView } from '../../../../src/http/console/money-view'
import { countryName, type DataColumn, DataTable, Empty, Money, Percent, Section } from '../../kit'

type Cap = MoneyView['caps'][number]
const used = ({ usedMicroUsd, limitMicroUsd }: Cap): number =>
  limitMicroUsd > 0 ? usedMicroUsd / limitMicroUsd : 1

const COLUMNS: readonly DataColumn<Cap>[] = [
  {
    id: 'of',
    header: 'Cap',
    phone: 'title',
    value: ({ service, country }) => `${service ?? ''} ${country ?? ''}`,
    cell: ({ service, country, period }) =>
      `${service ?? 'All services'}${country === null ? '' : `, ${countryName(country)}`}, per ${period}`,
  },
  {
    id: 'used',
    header: 'Used',
    align: 'end',
    value: ({ usedMicroUsd }) => usedMicroUsd,
    cell: ({ usedMicroUsd }) => <Money micro={usedMicroUsd} />,
  },
  {
    id: 'limit',
    header: 'Limit',
    align: 'end',
    value: ({ limitMicroUsd }) => limitMicroUsd,
    cell: ({ limitMicroUsd }) => <Money micro={limitMicroUsd} />,
  },
  {
    id: 'share',
    header: 'Share',
    align: 'end',
    value: used,
    cell: (cap) => <Percent share={used(cap)} />,
  },
  {
    id: 'bar',
    header: 'Now',
    phone: 'hidden',
    width: '22%',
    cell: (cap) => (
      <Progress
        value={Math.min(100, 100 * used(cap))}
        color={used(cap) >= 1 ? 'red.7' : used(cap) >= 0.8 ? 'yellow.7' : 'accent'}
        // level with the figures beside it
        my="0.375rem"
        aria-label={`${Math.round(100 * used(cap))} % used`}
      />
    ),
  },
  {
    id: 'forecast',
    header: 'At the end',
    align: 'end',
    value: ({ forecastMicroUsd }) => forecastMicroUsd,
    cell: ({ forecastMicroUsd, period }) =>
      period === 'month' ? <Money micro={forecastMicroUsd} /> : '–',
  },
]

/** Spend caps of the policy with what is used of them now. */
export const Caps = ({ caps }: { caps: readonly Cap[] }) => (
  <Section
    title="Budgets and caps"
    about="Caps of the policy in force, as they stand now. You are told at 80 %; at 100 % sending stops."
    flush
  >
    <DataTable
      label="Spend caps"
      columns={COLUMNS}
      rows={caps}
      rowKey={({ service, country, period }) => `${service}/${country}/${period}`}
      sort={{ by: 'share', desc: true }}
      empty={
        <Empty title="The policy has no spend cap">
          A cap bounds the loss even where everything else fails. Set one in the{' '}
          <Link href="/policy">policy</Link>.
        </Empty>
      }
    />
  </Section>
)
