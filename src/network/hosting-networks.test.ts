import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { HOSTING_NETWORKS } from './hosting-networks.js'
import { sourceFacts } from './source.js'

const listed = new Set(HOSTING_NETWORKS.map(({ asn }) => asn))

/** Networks with people on them, that public lists of "bad" networks name or that relays for people come out of. */
const PEOPLE: [asn: number, name: string][] = [
  [29465, 'MTN Nigeria'],
  [36873, 'Airtel Nigeria'],
  [37148, 'Glo Nigeria'],
  [37282, 'MainOne'],
  [37168, 'Cell C'],
  [16637, 'MTN South Africa'],
  [29975, 'Vodacom'],
  [30986, 'MTN Ghana'],
  [33771, 'Safaricom'],
  [45609, 'Airtel India'],
  [55836, 'Reliance Jio'],
  [4134, 'China Telecom'],
  [4837, 'China Unicom'],
  [9808, 'China Mobile'],
  [7018, 'AT&T'],
  [7922, 'Comcast'],
  [21928, 'T-Mobile US'],
  [3320, 'Deutsche Telekom'],
  [3215, 'Orange France'],
  [2856, 'BT'],
  [14593, 'Starlink'],
  [15169, 'Google, with its VPN for phones'],
  [13335, 'Cloudflare, with WARP and Private Relay'],
  [36183, 'Akamai, with Private Relay'],
  [20940, 'Akamai'],
  [54113, 'Fastly, with Private Relay'],
  [714, 'Apple'],
]

describe('the list of hosting networks', () => {
  test('is short, has no network twice, and gives a reason for each', () => {
    expect(listed.size).toBe(HOSTING_NETWORKS.length)
    expect(listed.size).toBeGreaterThanOrEqual(55)
    expect(listed.size).toBeLessThanOrEqual(80)
    for (const { name, reason } of HOSTING_NETWORKS) {
      expect(name).not.toBe('')
      expect(['cloud', 'servers', 'vpn']).toContain(reason)
    }
  })

  test.each(PEOPLE)('%i, %s, is not on it', (asn) => expect(listed.has(asn)).toBe(false))

  test.each([
    ['52.95.110.1', 'Amazon'],
    ['34.64.4.1', 'Google Cloud'],
    ['20.36.0.1', 'Microsoft'],
    ['88.198.0.1', 'Hetzner'],
    ['51.68.1.1', 'OVH'],
    ['159.65.1.1', 'DigitalOcean'],
    ['45.32.1.1', 'Vultr'],
    ['139.162.1.1', 'Linode'],
  ])('%s of %s is hosting', (ip) => expect(sourceFacts(ip).hosting).toBe(true))
})

const PUBLIC_LIST = new URL('../../../shared/data/ip/x4bnet-datacenter-ASN.txt', import.meta.url)
const RELAY_LIST = new URL(
  '../../../shared/data/ip/x4bnet-apple-private-relay.txt',
  import.meta.url,
)

describe.skipIf(!existsSync(PUBLIC_LIST))(
  'against public lists (skipped where they are absent)',
  () => {
    test('nearly all of ours is on a public list of data centres, so that it is no private opinion', () => {
      const text = readFileSync(PUBLIC_LIST, 'utf8')
      const known = new Set([...text.matchAll(/^AS(\d+)/gm)].map(([, asn]) => Number(asn)))
      const ours = HOSTING_NETWORKS.filter(({ asn }) => !known.has(asn))
      expect(
        ours.length / HOSTING_NETWORKS.length,
        ours.map((n) => n.name).join(', '),
      ).toBeLessThan(0.25)
    })

    test('no address that Private Relay comes out of is hosting', () => {
      const blocks = readFileSync(RELAY_LIST, 'utf8').match(/^[\d.a-f:]+(?=\/)/gm) ?? []
      expect(blocks.length).toBeGreaterThan(1_000)
      expect(blocks.filter((ip) => sourceFacts(ip).hosting)).toEqual([])
    })
  },
)
