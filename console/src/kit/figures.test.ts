import { describe, expect, it } from 'vitest'
import { ago, count, countryName, percent, share, shortCount, span, utc } from './figures'

describe('figures as texts', () => {
  it('shares: small ones with a decimal, nothing of nothing', () => {
    expect([percent(0.714), percent(0.042), percent(0), percent(1)]).toEqual([
      ...['71 %', '4.2 %', '0 %', '100 %'],
    ])
    expect(percent(share(1, 0))).toBe('–')
    expect(percent(0.6234, 1)).toBe('62.3 %')
    expect(percent(0.0004)).toBe('<0.1 %')
  })

  it('numbers', () => {
    expect([count(1204), shortCount(9999), shortCount(1_260_000)]).toEqual([
      '1,204',
      '9,999',
      '1.26M',
    ])
  })

  it('times by the two largest units', () => {
    expect([span(0), span(59_000), span(72_000), span(3 * 3_600_000), span(90_061_000)]).toEqual([
      ...['0 s', '59 s', '1 min 12 s', '3 h', '1 d 1 h'],
    ])
    expect(ago(1_000, 3_000)).toBe('just now')
    expect(ago(0, 7_500_000)).toBe('2 h ago')
    expect(ago(120_000, 0)).toBe('in 2 min')
    expect(utc(1_790_000_000_000)).toBe('2026-09-21 14:13:20 UTC')
  })

  it('a code that is no country stays as it is', () => {
    expect([countryName('NG'), countryName('XYZ'), countryName('')]).toEqual(['Nigeria', 'XYZ', ''])
  })
})
