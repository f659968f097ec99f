import { useSearchParams } from 'wouter'

/** The hour that is under way is never whole: an hour alone would be anything between nothing and one. */
export const SPANS = [
  ['1h', '1 to 2 hours'],
  ['24h', '24 hours'],
  ['7d', '7 days'],
  ['30d', '30 days'],
] as const
export const ORDERS = [
  ['requests', 'Requests'],
  ['unverified', 'Unverified sends'],
  ['spend', 'Spend'],
  ['wasted', 'Wasted'],
  ['saved', 'Saved'],
] as const

const known = <T extends string>(
  of: readonly (readonly [T, string])[],
  given: string | null,
  otherwise: T,
): T => of.find(([name]) => name === given)?.[0] ?? otherwise

/** What a table of traffic shows, kept in the address: a link shows another person the same. */
export function useTrafficQuery() {
  const [search, setSearch] = useSearchParams()
  const span = known(SPANS, search.get('span'), '24h')
  const by = known(ORDERS, search.get('by'), 'requests')
  const service = search.get('service') ?? ''
  return {
    search,
    /** for the API */
    query: { span, by, service },
    span,
    by,
    service,
    /** Sets and (with an empty value) takes away parameters; a new place in the history unless `replace`. */
    set(changes: Readonly<Record<string, string>>, replace = true): void {
      setSearch(
        (before) => {
          const next = new URLSearchParams(before)
          for (const [name, value] of Object.entries(changes))
            if (value === '') next.delete(name)
            else next.set(name, value)
          return next
        },
        { replace },
      )
    },
    /** Address of a place with the same span and service. */
    to(path: string, place: Readonly<Record<string, string | null>>): string {
      const next = new URLSearchParams()
      for (const name of ['span', 'by', 'service']) {
        const value = search.get(name)
        if (value !== null) next.set(name, value)
      }
      for (const [name, value] of Object.entries(place)) if (value) next.set(name, value)
      const text = next.toString()
      return text === '' ? path : `${path}?${text}`
    },
  }
}

export type TrafficQuery = ReturnType<typeof useTrafficQuery>
