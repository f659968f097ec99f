import { describe, expect, it } from 'vitest'
import { csvText } from './csv.js'
import { brief, dayText, lasted, listed, money, operatorText, percent, price } from './figures.js'
import { html, raw } from './html.js'

const plain = (text: string): string => text.replaceAll('\u00a0', ' ')

describe('figures', () => {
  it.each([
    [48_210.4, 'EUR', 'EUR 48,210'],
    [999.994, 'EUR', 'EUR 999.99'],
    [12.4, '', '12.40'],
    [0.004, 'USD', 'USD 0'],
  ])('%d %s is %s', (value, currency, text) => {
    expect(plain(money(value, currency))).toBe(text)
  })

  it.each([
    [0, '0'],
    [8_000, '8,000'],
    [12_000, '12K'],
    [1_500_000, '1.5M'],
  ])('%d is %s on an axis', (value, text) => {
    expect(brief(value)).toBe(text)
  })

  it('gives a price the digits it needs', () => {
    expect(plain(price(0.0083, 'EUR'))).toBe('EUR 0.0083')
  })

  it.each([
    [0, '0 %'],
    [1, '100 %'],
    [0.9996, '> 99 %'],
    [0.312, '31 %'],
    [0.0312, '3.1 %'],
    [0.0004, '0.04 %'],
    [0.00001, '< 0.01 %'],
    [Number.NaN, '-'],
  ])('a share of %d is %s', (share, text) => {
    expect(plain(percent(share))).toBe(text)
  })

  it('tells times, lists and operators', () => {
    expect(dayText('2026-03-01')).toBe('1 Mar 2026')
    expect(dayText('2026-03-01T23:59:59.000Z')).toBe('1 Mar 2026')
    expect(lasted('2026-03-01T00:00:00Z', '2026-03-01T00:20:00Z')).toBe('20 min')
    expect(lasted('2026-03-01T00:00:00Z', '2026-03-13T00:00:00Z')).toBe('12 days')
    expect(listed(['a', 'b', 'c'])).toBe('a, b and c')
    expect([operatorText('NG/MTN'), operatorText('DE/157')]).toEqual(['MTN', '157...'])
  })
})

describe('markup', () => {
  it('escapes what it is given, once', () => {
    const inner = html`<b>${'<i>&"'}</b>`
    expect(html`<p title="${'a"b'}">${[inner, raw('<hr>')]}${null}${3}</p>`.html).toBe(
      '<p title="a&quot;b"><b>&lt;i&gt;&amp;&quot;</b>\n<hr>3</p>',
    )
  })
})

describe('CSV', () => {
  it('quotes as RFC 4180 says and runs no formula', () => {
    const rows = [
      ['+2348031234567', '+23480******34', -1.5, null],
      ['=1+1', '@x', '-x', 'a "b", c'],
      ['+234803*', '+1*A1', 'a;b', ''],
    ]
    expect(csvText(['a', 'b', 'c', 'd'], rows)).toBe(
      'a,b,c,d\r\n+2348031234567,+23480******34,-1.5,\r\n\'=1+1,\'@x,\'-x,"a ""b"", c"\r\n+234803*,\'+1*A1,"a;b",\r\n',
    )
  })
})
