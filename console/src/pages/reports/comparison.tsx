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
    { id: 'name', header: 'Figure', phone: 'title', cell: ({ name }) => name },
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
              cell: (line) => <Value line={line} figures={figures} />,
            },
            {
              id: `${name} change`,
              header: 'Change',
              align: 'end',
              cell: (line) => {
                const [is, was] = [line.of(now), line.of(figures)]
                return is === null || was === null ? '–' : changeOf(is, was)
              },
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
