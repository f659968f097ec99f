import type { SourceKind } from '../../../../src/http/console/sources-view'

export const KINDS: Record<SourceKind, { one: string; many: string; about: string }> = {
  network: {
    one: 'Network',
    many: 'Networks',
    about: 'Autonomous systems: carriers, providers of lines at home, hosters.',
  },
  subnet: { one: 'Subnet', many: 'Subnets', about: 'Neighbours: a /24 of IPv4, a /48 of IPv6.' },
  ip: {
    one: 'Address',
    many: 'Addresses',
    about: 'Many people share one behind carrier-grade NAT. IPv6 counts by /64.',
  },
  device: { one: 'Device', many: 'Devices', about: 'As the application names them.' },
  account: { one: 'Account', many: 'Accounts', about: 'As the application names them.' },
}

export const KIND_NAMES = Object.keys(KINDS) as SourceKind[]

export const isKind = (text: string | null): text is SourceKind =>
  text !== null && Object.hasOwn(KINDS, text)
