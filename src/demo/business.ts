import type { PlatformName } from '../lab/scenarios/platforms.js'
import { PLATFORMS } from '../lab/scenarios/platforms.js'

/** Countries of strangers whose requests wait for a person, so that the review queue has something in it. */
export const LOOKED_AT: readonly string[] = ['KZ', 'JO', 'LK', 'CL']

/** The policy that the demo's operators would have written: enforced, with a budget, two flows. */
export function policyOf(platform: PlatformName): string {
  const { markets, title } = PLATFORMS[platform]
  return `# ${title}. Simulated: change what you like, nothing leaves this process.
version: 1
mode: enforce
spendCaps:
  - { per: month, max: 60000 USD }
defaults:
  markets: [${markets.join(', ')}]
  outside: credit
  countries:
${LOOKED_AT.map((country) => `    ${country}: hold\n`).join('')}  fraudBudget: 50 USD
services:
  signup:
    # a held request waits for as long as its code would be good
    code: { expires: 30m }
    spendCaps:
      - { per: day, max: 4000 USD }
  login:
    fraudBudget: 25 USD
    code: { expires: 5m }
`
}
