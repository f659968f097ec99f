import type { IncidentRow } from '../../../../src/http/console/incidents-view'
import { countryName, span } from '../../kit'

const NAMED = 3

/** Nigeria, Ghana and 4 more. */
export function countriesText(countries: readonly string[]): string {
  if (countries.length === 0) return 'everywhere'
  const names = countries
    .slice(0, NAMED)
    .map((code) => (code === '*' ? 'Abroad' : countryName(code)))
  const more = countries.length - names.length
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ')
}

/** From first send to containment. */
export const lasted = ({
  containedAt,
  firstSendAt,
}: Pick<IncidentRow, 'containedAt' | 'firstSendAt'>): string =>
  containedAt === null ? '–' : span(containedAt - firstSendAt)

export const incidentTitle = ({
  kind,
  countries,
}: Pick<IncidentRow, 'kind' | 'countries'>): string =>
  `${kind === 'attack' ? 'Attack on' : 'Outage in'} ${countriesText(countries)}`
