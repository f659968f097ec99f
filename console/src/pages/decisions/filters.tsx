import { Select } from '@mantine/core'
import { useLocation } from 'wouter'
import { REASON_CODES } from '../../../../src/engine/reasons'
import type { StatusView } from '../../../../src/http/console/hello-view'
import { useApi } from '../../kit'
import classes from './decisions.module.css'
import { changed, type Filter, SPANS } from './search-state'

const VERDICTS = [
  { value: 'allow', label: 'Allowed' },
  { value: 'challenge', label: 'Challenged' },
  { value: 'hold', label: 'Held' },
  { value: 'deny', label: 'Denied' },
]

/** What narrows a search; each choice stands in the address of the page. */
export function Filters({ search }: { search: URLSearchParams }) {
  const [, navigate] = useLocation()
  const services = useApi<StatusView>('status').data?.services ?? []
  const set = (name: Filter) => (value: string | null) =>
    navigate(changed(search, { [name]: value }))
  const choices: readonly [Filter, string, (string | { value: string; label: string })[]][] = [
    ['span', 'Any time', SPANS.map(({ value, label }) => ({ value, label }))],
    ['verdict', 'Any verdict', VERDICTS],
    ['reason', 'Any reason', [...REASON_CODES]],
    ['service', 'All services', services.map(({ name }) => name)],
  ]
  return (
    <fieldset className={classes.filters} style={{ border: 0, padding: 0 }} aria-label="Filters">
      {choices.map(([name, label, data]) => (
        <Select
          key={name}
          size="xs"
          aria-label={label}
          placeholder={label}
          data={withOwn(data, search.get(name))}
          value={search.get(name)}
          onChange={set(name)}
          clearable
          searchable={name === 'reason'}
        />
      ))}
    </fieldset>
  )
}

/** A choice that came with a link is shown although nobody offers it. */
function withOwn<T extends string | { value: string; label: string }>(
  data: T[],
  chosen: string | null,
): (T | string)[] {
  const known = data.some((one) => (typeof one === 'string' ? one : one.value) === chosen)
  return chosen === null || known ? data : [...data, chosen]
}
