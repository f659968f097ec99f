import { Link } from 'wouter'
import type { RangeView, SharedSource } from '../../../../src/http/console/ranges-view'
import { Column, Columns, count, Empty, Facts, Mono, Section, StateBadge, usd } from '../../kit'
import { PlaybookButton } from '../../playbook/playbook-button'
import { CourseChart } from '../../traffic/course-chart'
import { Credit } from '../../traffic/credit'
import { decisionsOf, sourceLink } from '../../traffic/links'
import { Marks } from '../../traffic/marks'
import classes from '../../traffic/traffic.module.css'
import { TrafficFigures } from '../../traffic/traffic-figures'
import type { TrafficQuery } from '../../traffic/use-traffic-query'
import { targetOf } from './range-words'

/** One range: figures, course, credit and who asks for it. */
export function RangeDetail({ view, at }: { view: RangeView; at: TrafficQuery }) {
  const { row, series, span, credit, sources, sampled } = view
  const { marks } = row
  return (
    <Column>
      <TrafficFigures of={row} span={span} />
      <Columns min={360}>
        <Column>
          <Section
            title="Over time"
            about="Requests at the time they were made."
            actions={
              <>
                <Link href={decisionsOf(row, at)} className={classes.link}>
                  Its decisions
                </Link>
                <PlaybookButton target={targetOf(row)} />
              </>
            }
          >
            <Marks marks={marks} />
            <CourseChart series={series} span={span} />
          </Section>
          <Section
            title="Line of credit now"
            about="Unverified messages are debt; verified ones repay it and earn more."
          >
            {credit.length === 0 ? (
              <Empty title="No service has a line here" />
            ) : (
              <Facts
                of={credit.map((line) => [
                  line.service,
                  <span key={line.service}>
                    <Credit credit={line} /> {usd(line.debt)} of {usd(line.limit)}
                    {line.closed && ' '}
                    {line.closed && <StateBadge tone="bad">closed</StateBadge>}
                  </span>,
                ])}
              />
            )}
          </Section>
        </Column>
        <Section
          title="Who asks for it"
          about={`Counted from its last ${count(sampled)} requests in this time.`}
        >
          <Sources sources={sources} />
        </Section>
      </Columns>
    </Column>
  )
}

const KIND: Record<SharedSource['kind'], string> = {
  network: 'Networks',
  subnet: 'Subnets',
  ip: 'Addresses',
  device: 'Devices',
  account: 'Accounts',
}

function Sources({ sources }: { sources: readonly SharedSource[] }) {
  if (sources.length === 0)
    return <Empty title="Nobody asked more than once">Each request came from somewhere else.</Empty>
  const kinds = [...new Set(sources.map(({ kind }) => kind))]
  return (
    <Facts
      of={kinds.map((kind) => [
        KIND[kind],
        <span key={kind} className={classes.list}>
          {sources
            .filter((source) => source.kind === kind)
            .map(({ key, name, hosting, requests }) => (
              <span key={key} className={classes.name}>
                <Link href={sourceLink(kind, key)} className={classes.link}>
                  <Mono>{key}</Mono>
                </Link>
                {name !== null && kind !== 'device' && (
                  <span className={classes.sub}>
                    <bdi>{name}</bdi>
                  </span>
                )}
                {hosting && <StateBadge tone="warn">hosting</StateBadge>}
                <span className={classes.sub}>{count(requests)}</span>
              </span>
            ))}
        </span>,
      ])}
    />
  )
}
