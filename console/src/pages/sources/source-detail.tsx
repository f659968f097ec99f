import { Link } from 'wouter'
import type { Aim, SourceView } from '../../../../src/http/console/sources-view'
import { Column, Columns, Count, count, Empty, Facts, Mono, Section } from '../../kit'
import { PlaybookButton } from '../../playbook/playbook-button'
import { CourseChart } from '../../traffic/course-chart'
import { decisionsBySource, rangeLink } from '../../traffic/links'
import { Marks } from '../../traffic/marks'
import classes from '../../traffic/traffic.module.css'
import { TrafficFigures } from '../../traffic/traffic-figures'
import type { TrafficQuery } from '../../traffic/use-traffic-query'
import { rangeName } from '../ranges/range-words'
import { SourceName } from './source-name'

const AIMS: Record<Aim['kind'], string> = {
  country: 'Countries',
  operator: 'Operators',
  block: 'Blocks',
}

/** One source: figures, course and where it wanted codes sent. */
export function SourceDetail({ view, at }: { view: SourceView; at: TrafficQuery }) {
  const { row, series, span, aims, countries, numbers, sampled } = view
  const decisions = decisionsBySource(row.kind, row.key, at)
  return (
    <Column>
      <TrafficFigures of={row} span={span} />
      <Columns min={360}>
        <Section
          title="Over time"
          about="Requests at the time they were made."
          actions={
            <>
              {decisions !== null && (
                <Link href={decisions} className={classes.link}>
                  Its decisions
                </Link>
              )}
              <PlaybookButton target={{ kind: row.kind, key: row.key }} />
            </>
          }
        >
          <SourceName row={row} />
          <Marks marks={row.marks} />
          <CourseChart series={series} span={span} />
        </Section>
        <Section
          title="Where it wanted codes sent"
          about={`Counted from its last ${count(sampled)} requests in this time.`}
        >
          {sampled === 0 ? (
            <Empty title="None of its requests is at hand" />
          ) : (
            <Facts
              of={[
                ['Different numbers', <Count key="numbers" value={numbers} />],
                ['Different countries', <Count key="countries" value={countries} />],
                ...(['country', 'operator', 'block'] as const).map(
                  (kind) =>
                    [
                      AIMS[kind],
                      <Aims key={kind} of={aims.filter((aim) => aim.kind === kind)} />,
                    ] as const,
                ),
              ]}
            />
          )}
        </Section>
      </Columns>
    </Column>
  )
}

const Aims = ({ of }: { of: readonly Aim[] }) => (
  <span className={classes.list}>
    {of.map(({ kind, key, operator, requests }) => (
      <span key={key} className={classes.name}>
        <Link href={rangeLink(kind, key, operator)} className={classes.link}>
          {kind === 'block' ? <Mono>{key}</Mono> : <bdi>{rangeName(kind, key)}</bdi>}
        </Link>
        {kind === 'operator' && (
          <span className={classes.sub}>{key.slice(0, Math.max(0, key.indexOf('/')))}</span>
        )}
        <span className={classes.sub}>{count(requests)}</span>
      </span>
    ))}
  </span>
)
