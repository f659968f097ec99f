import type { Signal } from './signal.js'

/** People ask from access networks. */
export const hosting: readonly Signal[] = [
  {
    code: 'network.hosting',
    group: 'network',
    start: 2,
    why: 'Rented machines are the cheapest source of requests; people behind company proxies and cloud desktops remain.',
    says: 'the address belongs to a hosting provider',
    unit: null,
    read: ({ facts }) => (facts.source.hosting ? 1 : 0),
  },
  {
    code: 'network.tor',
    group: 'network',
    start: 2.5,
    why: 'Few sign up over Tor with a phone number, and an exit costs an attacker nothing.',
    says: 'the address is a Tor exit',
    unit: null,
    read: ({ anonymity }) => (anonymity === 'tor' ? 1 : 0),
  },
  {
    code: 'network.vpn',
    group: 'network',
    start: 0.8,
    why: 'Many people use a VPN all day, so it says little by itself (a judgement, until outcomes say better).',
    says: 'the address is an exit of a VPN',
    unit: null,
    read: ({ anonymity }) => (anonymity === 'vpn' ? 1 : 0),
  },
]
