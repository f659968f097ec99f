import { SegmentedControl } from '@mantine/core'
import { useSearch } from 'wouter'
import { navigate } from 'wouter/use-browser-location'
import type { OverviewSpan, OverviewView } from '../../../../src/http/console/overview-view'
import { Column, Columns, Loaded, Loading, PageTitle, Section, useApi } from '../../kit'
import { Countries } from './countries'
import { Course } from './course'
import { FirstDay } from './first-day'
import { Incidents } from './incidents'
import { Now } from './now'
import { Signals } from './signals'
import { World } from './world'

const SPANS: { value: OverviewSpan; label: string }[] = [
  { value: '5m', label: '5 min' },
  { value: '1h', label: '1 h' },
  { value: '24h', label: '24 h' },
]

export function Page() {
  const search = new URLSearchParams(useSearch())
  const asked = SPANS.find(({ value }) => value === search.get('span'))
  const span = asked?.value ?? '1h'
  const overview = useApi<OverviewView>('overview', { span })
  return (
    <>
      <PageTitle
        title="Overview"
        actions={
          <SegmentedControl
            aria-label="How far back"
            size="xs"
            data={SPANS}
            value={span}
            onChange={(value) => navigate(value === '1h' ? '/' : `/?span=${value}`)}
          />
        }
      />
      <Loaded query={overview} loading={<Loading lines={8} />}>
        {(view) =>
          view.firstDay !== null ? <FirstDay {...view.firstDay} /> : <Overview view={view} />
        }
      </Loaded>
    </>
  )
}

const Overview = ({ view }: { view: OverviewView }) => (
  <Column>
    <Now view={view} />
    <Columns min={360}>
      <Section title="Core signals" about="What an attack shows first." flush>
        <Signals signals={view.signals} />
      </Section>
      <Section title="Open incidents" flush>
        <Incidents incidents={view.incidents} />
      </Section>
    </Columns>
    <Course view={view} />
    <Section
      title="Countries"
      about="The busiest twelve: sends in grey, those whose code came back in colour; conversion against its own 28 days."
    >
      <Countries view={view} />
    </Section>
    <World view={view} />
  </Column>
)
