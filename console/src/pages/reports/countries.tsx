import type { CountryOfDay } from '../../../../src/report/daily'
import {
  Count,
  Country,
  type DataColumn,
  DataTable,
  Empty,
  Percent,
  Section,
  StateBadge,
} from '../../kit'
import { moneyColumns } from './money-columns'

/** A country that asks for three times its part of the user base, and at least 2 % of the day, is worth a look. */
const standsOut = ({ share, userBase }: CountryOfDay): boolean =>
  userBase !== null && share >= 0.02 && share > 3 * userBase

const COLUMNS: readonly DataColumn<CountryOfDay>[] = [
  {
    id: 'country',
    header: 'Country',
    phone: 'title',
    value: ({ country }) => country,
    cell: (row) => (
      <>
        {row.country === '' ? '(none)' : <Country code={row.country} />}{' '}
        {standsOut(row) && <StateBadge tone="warn">unusual</StateBadge>}
      </>
    ),
  },
  {
    id: 'requests',
    header: 'Requests',
    align: 'end',
    value: ({ requests }) => requests,
    cell: ({ requests }) => <Count value={requests} />,
  },
  {
    id: 'share',
    header: 'Of the day',
    align: 'end',
    value: ({ share }) => share,
    cell: ({ share }) => <Percent share={share} />,
  },
  {
    id: 'base',
    header: 'Of the user base',
    align: 'end',
    value: ({ userBase }) => userBase,
    cell: ({ userBase }) => <Percent share={userBase} />,
  },
  ...moneyColumns,
]

/** Where codes were asked for, against where the users are. */
export const Countries = ({ countries }: { countries: readonly CountryOfDay[] }) => (
  <Section
    title="Countries against the user base"
    about="User base: what was verified in the 30 days before. Unusual: over three times that share, and at least 2 % of the day."
    flush
  >
    <DataTable
      label="Countries"
      columns={COLUMNS}
      rows={countries}
      rowKey={({ country }) => country}
      sort={{ by: 'requests', desc: true }}
      empty={<Empty title="Nobody asked for a code" />}
    />
  </Section>
)
