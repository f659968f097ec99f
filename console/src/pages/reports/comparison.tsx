import { Text } from '@mantine/core'
import type { Figures } from '../../../../src/report/figures'
import { changeOf } from '../../../../src/report/report-text'
import { Count, type DataColumn, DataTable, Money, Percent, Section } from '../../kit'

interface Line {
  name: string
  kind: 'count' | 'money' | 'share'
  of: (figures: Figures) => number | null
}

const LINES: readonly Line[] = [
  { name: 'Requests', kind: 'count', of: ({ requests }) => requests },
  { name: 'Messages sent', kind: 'count', of: ({ sends }) => sends },
  { name: 'Verified', kind: 'count', of: ({ verified }) => verified },
  { name: 'Conversion', kind: 'share', of: ({ conversion }) => conversion },
  { name: 'Not delivered', kind: 'count', of: ({ failed }) => failed },
  { name: 'Challenged', kind: 'count', of: ({ challenged }) => challenged },
  { name: 'Held', kind: 'count', of: ({ held }) => held },
  { name: 'Denied', kind: 'count', of: ({ denied }) => denied },
  { name: 'Spend', kind: 'money', of: ({ spendMicroUsd }) => spendMicroUsd },
  { name: 'Wasted', kind: 'money', of: ({ wastedMicroUsd }) => wastedMicroUsd },
  { name: 'Saved', kind: 'money', of: ({ savedMicroUsd }) => savedMicroUsd },
]

const Value = ({ line, figures }: { line: Line; figures: Figures }) => {
  const value = line.of(figures)
  if (line.kind === 'share') return <Percent share={value} />
  return line.kind === 'money' ? <Money micro={value} /> : <Count value={value} />
}

/** What it became since: in points for shares, else in parts of what it was. */
function changeText({ of, kind }: Line, now: Figures, before: Figures): string {
  const [is, was] = [of(now), of(before)]
  if (is === null || was === null) return ''
  if (kind !== 'share') return changeOf(is, was)
  const points = Math.round(100 * (is - was))
  return points === 0 ? 'unchanged' : `${points > 0 ? '+' : '−'}${Math.abs(points)} points`
}

/** What changed against earlier. */
export function Comparison({
  now,
  others,
  about,
}: {
  now: Figures
  others: readonly (readonly [name: string, figures: Figures | null])[]
  about: string
}) {
  const columns: DataColumn<Line>[] = [
    { id: 'name', header: 'Figure', phone: 'title', width: '9rem', cell: ({ name }) => name },
    {
      id: 'now',
      header: 'Now',
      align: 'end',
      cell: (line) => <Value line={line} figures={now} />,
    },
    ...others.flatMap(([name, figures]): DataColumn<Line>[] =>
      figures === null
        ? []
        : [
            {
              id: name,
              header: name,
              align: 'end',
              cell: (line) => (
                <>
                  <Value line={line} figures={figures} />{' '}
                  <Text span size="xs" c="dimmed">
                    {changeText(line, now, figures)}
                  </Text>
                </>
              ),
            },
          ],
    ),
  ]
  return (
    <Section title="What changed" about={about} flush>
      <DataTable label="Figures" columns={columns} rows={LINES} rowKey={({ name }) => name} />
    </Section>
  )
}
