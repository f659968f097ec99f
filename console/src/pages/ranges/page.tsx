import { TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'wouter'
import type { RangeLevel, RangesView, RangeView } from '../../../../src/http/console/ranges-view'
import { Column, Empty, Loaded, PageTitle, Section, useApi } from '../../kit'
import { Controls } from '../../traffic/controls'
import { Since } from '../../traffic/since'
import classes from '../../traffic/traffic.module.css'
import { type TrafficQuery, useTrafficQuery } from '../../traffic/use-traffic-query'
import { RangeDetail } from './range-detail'
import { RangeTable } from './range-table'
import { LEVELS, rangeName } from './range-words'

const isLevel = (text: string | null): text is RangeLevel =>
  text !== null && Object.hasOwn(LEVELS, text)

/** Where messages go: country, operator, block, sub-block. */
export function Page() {
  const at = useTrafficQuery()
  const { search } = at
  const level = search.get('level')
  const key = search.get('key') ?? ''
  const place = isLevel(level) && key !== '' ? { level, key } : null
  const asked = search.get('q') ?? ''
  return (
    <>
      <PageTitle
        title={place === null ? 'Ranges' : rangeName(place.level, place.key)}
        about={
          place === null
            ? 'Where codes go, what comes back, and how much of each line of credit is used.'
            : LEVELS[place.level].one
        }
        actions={<Controls at={at} />}
      />
      <Column>
        <Search at={at} />
        {asked !== '' ? <Found at={at} asked={asked} /> : <Tree at={at} place={place} />}
      </Column>
    </>
  )
}

function Search({ at }: { at: TrafficQuery }) {
  const [text, setText] = useState(at.search.get('q') ?? '')
  const ask = useDebouncedCallback((q: string) => at.set({ q: q.trim() }), 250)
  return (
    <TextInput
      aria-label="Look for a range"
      placeholder="Prefix such as +23480, a country or an operator"
      leftSection={<IconSearch size={16} aria-hidden />}
      maxLength={60}
      value={text}
      onChange={({ currentTarget: { value } }) => {
        setText(value)
        ask(value)
      }}
    />
  )
}

function Found({ at, asked }: { at: TrafficQuery; asked: string }) {
  const found = useApi<RangesView>('ranges/search', { ...at.query, q: asked })
  return (
    <Section title="Found" about={`Ranges in and around “${asked}”, the widest first.`} flush>
      <Loaded query={found}>
        {(view) =>
          view.rows.length === 0 ? (
            <Empty title="Nothing was asked for there">
              No range of that name or prefix had requests in this time. Choose a longer time, or
              fewer digits.
            </Empty>
          ) : (
            <RangeTable view={view} label="Ranges found" at={at} mixed />
          )
        }
      </Loaded>
    </Section>
  )
}

function Tree({
  at,
  place,
}: {
  at: TrafficQuery
  place: { level: RangeLevel; key: string } | null
}) {
  const around = {
    operator: at.search.get('operator') ?? '',
    block: at.search.get('block') ?? '',
  }
  const below = useApi<RangesView>(
    'ranges',
    { ...at.query, ...place, operator: around.operator },
    { enabled: place?.level !== 'subBlock' },
  )
  const one = useApi<RangeView>(
    'ranges/one',
    { ...at.query, ...place, ...around },
    { enabled: place !== null },
  )
  return (
    <>
      {place !== null && (
        <>
          <Crumbs at={at} place={place} around={around} />
          <Loaded query={one}>{(view) => <RangeDetail view={view} at={at} />}</Loaded>
        </>
      )}
      {place?.level !== 'subBlock' && (
        <Section
          title={place === null ? 'Countries' : LEVELS[place.level].below}
          about={below.data && <Since span={below.data.span} />}
          flush
        >
          <Loaded query={below}>
            {(view) => (
              <RangeTable
                view={view}
                label={place === null ? 'Countries' : LEVELS[place.level].below}
                at={at}
              />
            )}
          </Loaded>
        </Section>
      )}
    </>
  )
}

/** The ranges that a range lies in, each a link. */
function Crumbs({
  at,
  place: { level, key },
  around: { operator, block },
}: {
  at: TrafficQuery
  place: { level: RangeLevel; key: string }
  around: { operator: string; block: string }
}) {
  const of = level === 'operator' ? key : operator
  const country = level === 'country' ? key : of.slice(0, Math.max(0, of.indexOf('/')))
  const steps: { name: string; to: string }[] = [
    { name: 'All countries', to: at.to('/ranges', {}) },
  ]
  if (level !== 'country' && country !== '')
    steps.push({
      name: rangeName('country', country),
      to: at.to('/ranges', { level: 'country', key: country }),
    })
  if (level !== 'country' && level !== 'operator' && of !== '')
    steps.push({
      name: rangeName('operator', of),
      to: at.to('/ranges', { level: 'operator', key: of }),
    })
  if (level === 'subBlock' && block !== '')
    steps.push({
      name: rangeName('block', block),
      to: at.to('/ranges', { level: 'block', key: block, operator: of }),
    })
  return (
    <nav aria-label="Ranges around it">
      <ol className={classes.crumbs}>
        {steps.map(({ name, to }) => (
          <li key={to}>
            <Link href={to}>{name}</Link>
          </li>
        ))}
        <li aria-current="page">{rangeName(level, key)}</li>
      </ol>
    </nav>
  )
}
