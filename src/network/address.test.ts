import { isIPv4, isIPv6, SocketAddress } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatAddress, readAddress } from './address.js'

const canonical = (text: string) => {
  const address = readAddress(text)
  return address && formatAddress(address)
}

describe('readAddress', () => {
  test.each([
    ['203.0.113.9', '203.0.113.9'],
    ['0.0.0.0', '0.0.0.0'],
    ['255.255.255.255', '255.255.255.255'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['::FFFF:cb00:7109', '203.0.113.9'],
    ['0:0:0:0:0:ffff:203.0.113.9', '203.0.113.9'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:0db8:0000:0000:0000:0000:0000:0001', '2001:db8::1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:db8::0:1', '2001:db8::1'],
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['fe80::1%eth0', 'fe80::1'],
    ['fe80::1%25en1', 'fe80::1'],
  ])('%s is %s', (text, expected) => expect(canonical(text)).toBe(expected))

  test.each([
    '',
    ' ',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '1.2.3.4000000000',
    '01.2.3.4',
    '1.2.3.04',
    '0x1.2.3.4',
    '1.2.3.-4',
    '1.2.3.+4',
    '1.2..4',
    '.1.2.3',
    '1.2.3.',
    '16909060',
    '1.2.3.4 ',
    '\u0661.2.3.4',
    ':',
    ':::',
    ':1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '::1:2:3:4:5:6:7:8',
    '1::2::3',
    '12345::',
    'g::',
    '::1.2.3',
    '::1.2.3.4:5',
    '1:2:3:4:5:6:7:1.2.3.4',
    '1:2:3:4:5:6:7:8:1.2.3.4',
    '::1%',
    '[::1]',
    'localhost',
    'unknown',
    `${'1:'.repeat(5_000)}:`,
  ])('%.40j is no address', (text) => expect(readAddress(text)).toBeNull())
})

describe('against node', () => {
  test('the same texts are addresses, and their canonical texts are the same', () => {
    const piece = fc.constantFrom(
      ...['0', '1', 'f', 'ffff', 'db8', ':', ':', ':', '::', '.', '.', '1.2', '255', '10', '300'],
    )
    const text = fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      fc.array(piece, { minLength: 1, maxLength: 17 }).map((pieces) => pieces.join('')),
    )
    fc.assert(
      fc.property(text, (candidate) => {
        const address = readAddress(candidate)
        expect(address !== null).toBe(isIPv4(candidate) || isIPv6(candidate))
        if (address?.version !== 6) return
        const node = new SocketAddress({ address: candidate, family: 'ipv6' }).address
        // Node's libuv writes the deprecated ::1.2.3.4 form, which RFC 5952 leaves to known prefixes.
        if (!node.includes('.')) expect(formatAddress(address)).toBe(node)
        expect(readAddress(formatAddress(address))).toEqual(address)
      }),
      { numRuns: 20_000, seed: 3 },
    )
  })
})
