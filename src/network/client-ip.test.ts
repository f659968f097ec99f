import { describe, expect, test } from 'vitest'
import { clientIp, trustedProxies } from './client-ip.js'

const proxies = trustedProxies(['10.0.0.0/8', '2001:db8:ff::/48', '192.0.2.1'])
const via = (value: string | string[], peer: string | undefined = '10.0.0.1') =>
  clientIp({ 'x-forwarded-for': value }, peer, proxies)

describe('nothing is trusted that was not declared', () => {
  test.each([
    ['203.0.113.9', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['2001:DB8::1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    [undefined, null],
    ['', null],
    ['pipe', null],
  ])('the peer %s is %s whatever the headers say', (peer, expected) => {
    const headers = { 'x-forwarded-for': '198.51.100.7', forwarded: 'for=198.51.100.7' }
    expect(clientIp(headers, peer)).toBe(expected)
    expect(clientIp(headers, peer, trustedProxies([]))).toBe(expected)
    expect(clientIp(headers, peer, proxies)).toBe(expected)
  })
})

describe('X-Forwarded-For, from the right', () => {
  test.each([
    ['203.0.113.9', '203.0.113.9', 'one client'],
    ['198.51.100.7, 203.0.113.9', '203.0.113.9', 'what the client forged stands to the left'],
    ['203.0.113.9, 10.0.0.2, 10.9.9.9', '203.0.113.9', 'a chain of trusted proxies'],
    ['198.51.100.7, 10.0.0.5, 203.0.113.9, 10.0.0.2', '203.0.113.9', 'a forged chain behind it'],
    ['203.0.113.9,10.0.0.2', '203.0.113.9', 'no blanks'],
    ['203.0.113.9:51234', '203.0.113.9', 'a port'],
    ['[2001:db8::7]:443', '2001:db8::7', 'a port behind brackets'],
    ['[2001:db8::7]', '2001:db8::7', 'brackets'],
    ['2001:db8::7', '2001:db8::7', 'IPv6 without brackets keeps its last group'],
    ['::ffff:203.0.113.9', '203.0.113.9', 'IPv4 in IPv6'],
    ['::ffff:10.0.0.2', '10.0.0.2', 'a request from inside'],
    ['fe80::1%eth0', 'fe80::1', 'a zone'],
    ['203.0.113.9, 2001:db8:ff::2', '203.0.113.9', 'a trusted IPv6 proxy'],
    ['203.0.113.9, 192.0.2.1', '203.0.113.9', 'a trusted single address'],
    ['10.0.0.3, 10.0.0.2', '10.0.0.3', 'only trusted addresses: where it began'],
    ['junk, 203.0.113.9', '203.0.113.9', 'junk left of the client'],
  ])('%s is %s: %s', (header, expected) => {
    expect(via(header)).toBe(expected)
    expect(via(header.split(','))).toBe(expected)
    expect(via(header, '::ffff:10.0.0.1')).toBe(expected)
  })

  test.each([
    ['', 'an empty header'],
    [' , ', 'empty entries'],
    ['unknown', 'no address'],
    ['203.0.113.9, junk', 'junk where the proxy writes'],
    ['203.0.113.9,', 'an empty last entry'],
    ['203.0.113.999', 'no such address'],
    ['203.0.113.9:port', 'no such port'],
    ['0x7f.1', 'an address only some programs read'],
    ['<script>', 'markup'],
  ])('%j gives none: %s', (header) => expect(via(header)).toBeNull())

  test('a proxy that names no client does not become the client of everybody behind it', () => {
    expect(clientIp({}, '10.0.0.1', proxies)).toBeNull()
    expect(clientIp({ forwarded: 'for=198.51.100.7' }, '10.0.0.1', proxies)).toBeNull()
  })

  test('a chain without end is cut, and costs nothing', () => {
    expect(via('10.0.0.2, '.repeat(5_000).concat('10.0.0.3'))).toBe('10.0.0.2')
    expect(via(`203.0.113.9, ${'10.0.0.2, '.repeat(40)}10.0.0.3`)).toBe('10.0.0.2')
  })
})

describe('Forwarded, where it is declared', () => {
  const declared = trustedProxies(['10.0.0.0/8'], { header: 'forwarded' })
  const through = (value: string) => clientIp({ forwarded: value }, '10.0.0.1', declared)

  test.each([
    ['for=203.0.113.9', '203.0.113.9'],
    ['For="203.0.113.9:4711"', '203.0.113.9'],
    ['for="[2001:db8:cafe::17]:4711"', '2001:db8:cafe::17'],
    ['proto=https;for=203.0.113.9;by=10.0.0.1', '203.0.113.9'],
    ['for=198.51.100.7, for=203.0.113.9;proto=http, for=10.0.0.2', '203.0.113.9'],
    ['for=198.51.100.7;host="a,b;c", for=203.0.113.9', '203.0.113.9'],
    ['for="\\203.0.113.9"', '203.0.113.9'],
  ])('%s is %s', (header, expected) => expect(through(header)).toBe(expected))

  test.each([
    'for=unknown',
    'for=_hidden',
    'for=203.0.113.9, by=10.0.0.2',
    'for=203.0.113.9, for="',
    'for=203.0.113.9, ""',
    '203.0.113.9',
    '',
    ';;;,,,',
  ])('%j gives none', (header) => expect(through(header)).toBeNull())

  test('the header that was not declared is never read', () => {
    expect(clientIp({ 'x-forwarded-for': '198.51.100.7' }, '10.0.0.1', declared)).toBeNull()
    const both = { 'x-forwarded-for': '198.51.100.7', forwarded: 'for=203.0.113.9' }
    expect(clientIp(both, '10.0.0.1', declared)).toBe('203.0.113.9')
    expect(clientIp(both, '10.0.0.1', proxies)).toBe('198.51.100.7')
  })
})

describe('trustedProxies', () => {
  test.each([
    ['10.0.0.0/8', '10.255.255.255', true],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['10.1.2.3/8', '10.200.0.1', true],
    ['0.0.0.0/0', '255.255.255.255', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['128.0.0.0/1', '200.0.0.1', true],
    ['128.0.0.0/1', '100.0.0.1', false],
    ['203.0.113.9', '203.0.113.9', true],
    ['203.0.113.9/32', '203.0.113.8', false],
    ['::ffff:10.0.0.0/104', '10.9.9.9', true],
    ['::ffff:10.0.0.0/104', '11.9.9.9', false],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['2001:db8:8000::/33', '2001:db8:7fff::1', false],
    ['2001:db8:8000::/33', '2001:db8:ffff::1', true],
    ['::/0', '2001:db8::1', true],
    ['::/0', '10.0.0.1', false],
    ['::1', '::1', true],
    ['::1/128', '::2', false],
    [' 10.0.0.0/8 ', '10.0.0.1', true],
  ])('%s holds %s: %s', (block, ip, expected) => {
    expect(trustedProxies([block]).trusts(ip)).toBe(expected)
  })

  test.each([
    '',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10/8',
    '2001:db8::/129',
    'loopback',
    '10.0.0.0/',
    '::ffff:10.0.0.0/8',
    '10.0.0.0/8x',
    '10.0.0.0/1e1',
  ])('%j is refused, with its place and an example', (block) => {
    expect(() => trustedProxies(['127.0.0.1', block])).toThrow(
      /trusted proxy 2, ".*": .* such as 10\.0\.0\.0\/8/,
    )
  })

  test('text that is no address is not trusted', () => {
    expect(trustedProxies(['0.0.0.0/0', '::/0']).trusts('unknown')).toBe(false)
  })
})
