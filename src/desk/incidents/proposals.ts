import type { Incident } from '../../engine/detect/change.js'
import type { Policy, ServicePolicy } from '../../engine/policy.js'

/** A change of the policy that might have stopped an incident. */
export interface Proposal {
  id: 'enforce' | 'deny-ranges' | 'deny-countries' | 'challenge-outside' | 'half-budget'
  title: string
  /** what speaks against it */
  cost: string
  /** the settings of the service that change, as the policy file writes them */
  settings: { path: string[]; value: string | number | string[] | Record<string, string> }[]
  policy: Policy
}

/** Entries that a proposal may add to a list: a list of thousands of ranges is no policy. */
const MAX_ENTRIES = 200

const withService = (policy: Policy, service: ServicePolicy): Policy => ({
  ...policy,
  services: { ...policy.services, [service.name]: service },
})

/**
 * Changes that are worth a replay, of those an incident of this kind calls for. Which of them is any good, the replay
 * says: what it stops, and what it costs people.
 */
export function proposalsFor(incident: Incident, policy: Policy): Proposal[] {
  const known = policy.services[incident.service] ?? policy.fallback
  if (known === null || incident.kind !== 'attack') return []
  const service: ServicePolicy = { ...known, name: incident.service }
  const proposals: Proposal[] = []
  const propose = (proposal: Omit<Proposal, 'policy'>, change: Partial<ServicePolicy>): void => {
    proposals.push({ ...proposal, policy: withService(policy, { ...service, ...change }) })
  }

  if (service.mode === 'monitor')
    propose(
      {
        id: 'enforce',
        title: 'Enforce what is recorded',
        cost: 'Verdicts are acted on from then on.',
        settings: [{ path: ['mode'], value: 'enforce' }],
      },
      { mode: 'enforce' },
    )

  const narrow = incident.ranges
    .filter(({ level }) => level === 'block' || level === 'subBlock')
    .map(({ key }) => `${key}*`)
    .filter((entry) => !service.lists.deny.includes(entry))
    .slice(0, MAX_ENTRIES)
  if (narrow.length > 0) {
    const deny = [...service.lists.deny, ...narrow]
    propose(
      {
        id: 'deny-ranges',
        title: `Deny the ${narrow.length} attacked ${narrow.length === 1 ? 'range' : 'ranges'}`,
        cost: 'Everybody in them is refused for good, customers too; the next attack takes others.',
        settings: [{ path: ['lists', 'deny'], value: deny }],
      },
      { lists: { ...service.lists, deny } },
    )
  }

  const abroad = incident.countries.filter(
    (country) => !service.markets.includes(country) && service.countries[country] !== 'deny',
  )
  if (service.markets.length > 0 && abroad.length > 0) {
    const denied = Object.fromEntries(abroad.map((country) => [country, 'deny' as const]))
    const countries = { ...service.countries, ...denied }
    propose(
      {
        id: 'deny-countries',
        title: `Send nothing to ${abroad.join(', ')}`,
        cost: 'Customers who travel or live there are refused.',
        settings: [{ path: ['countries'], value: countries }],
      },
      { countries },
    )
    if (service.outside === 'credit')
      propose(
        {
          id: 'challenge-outside',
          title: 'Ask for a challenge outside the markets',
          cost: 'Everybody abroad solves one first.',
          settings: [{ path: ['outside'], value: 'challenge' }],
        },
        { outside: 'challenge' },
      )
  }

  const half = Math.round(service.fraudBudgetMicroUsd / 2)
  propose(
    {
      id: 'half-budget',
      title: 'Half the fraud budget',
      cost: 'The wide lines open with half: more people are challenged while they fill.',
      settings: [{ path: ['fraudBudget'], value: `${half / 1e6} USD` }],
    },
    { fraudBudgetMicroUsd: half },
  )
  return proposals
}

/** The settings as lines of a policy file. */
export function proposalYaml(service: string, { settings }: Pick<Proposal, 'settings'>): string {
  const lines = ['services:', `  ${service}:`]
  for (const { path, value } of settings) {
    path.forEach((key, depth) => {
      const indent = '  '.repeat(depth + 2)
      const last = depth === path.length - 1
      if (!last) lines.push(`${indent}${key}:`)
      else if (Array.isArray(value))
        lines.push(`${indent}${key}:`, ...value.map((entry) => `${indent}  - "${entry}"`))
      else if (typeof value === 'object')
        lines.push(
          `${indent}${key}:`,
          ...Object.entries(value).map(([name, of]) => `${indent}  ${name}: ${of}`),
        )
      else lines.push(`${indent}${key}: ${value}`)
    })
  }
  return `${lines.join('\n')}\n`
}
