import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { jsonOf, tollgate } from '../../test/fakes/terminal.js'
import type { ServiceBound } from '../report/policy-bounds.js'
import { EXIT } from './fault.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-policy-'))
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
  write(
    'good.yaml',
    'version: 1\nmode: enforce\nservices:\n  signup:\n    markets: [NG, GH]\n    fraudBudget: 20 USD\n',
  )
  write(
    'new.yaml',
    'version: 1\nmode: enforce\nservices:\n  signup:\n    markets: [NG, GH, KE]\n    fraudBudget: 20 USD\n',
  )
  write(
    'same.yaml',
    '# the same in other words\nmode: enforce\nversion: 1\nservices: { signup: { fraudBudget: 20 USD, markets: [NG, GH] } }\n',
  )
  write('bad.yaml', 'version: 1\nservices:\n  signup:\n    marktes: [NG]\n    fraudBudget: 20\n')
  write('prices.csv', 'country,price,currency\nNG,0.2,USD\nGH,0.25,USD\n')
})
afterAll(() => rmSync(folder, { recursive: true }))

const policy = (...args: string[]) => tollgate(['policy', ...args], { cwd: folder })

describe('policy check', () => {
  it('a good one', async () => {
    const { exit, out } = await policy('check', 'good.yaml')
    expect(exit).toBe(EXIT.ok)
    expect(out).toContain('good.yaml is valid\n  signup: enforce, markets NG GH')
  })

  it('a bad one: everything that is wrong, and no second answer in JSON', async () => {
    const { exit, err } = await policy('check', 'bad.yaml')
    expect(exit).toBe(EXIT.refused)
    expect(err).toContain('bad.yaml:4:5')
    expect(err).toContain('bad.yaml:5:')
    const ran = await policy('check', 'bad.yaml', '--json')
    expect(ran.exit).toBe(EXIT.refused)
    expect(jsonOf<{ ok: boolean; errors: unknown[] }>(ran)).toMatchObject({ ok: false })
    expect(jsonOf<{ errors: unknown[] }>(ran).errors).toHaveLength(2)
  })

  it.each([
    ['none.yaml', 'ENOENT: no such file or directory'],
    ['.', 'EISDIR: illegal operation on a directory'],
  ])('a file that cannot be read, its path once: %s', async (name, why) => {
    const { exit, err } = await policy('check', name)
    expect(exit).toBe(EXIT.usage)
    const [said, mend] = err.split('\n')
    expect(said).toBe(`tollgate: cannot read the policy ${join(folder, name)}: ${why}`)
    expect(mend).toBe('  check the path and who may read it')
  })
})

describe('policy explain', () => {
  it('says where each setting comes from', async () => {
    const { out } = await policy('explain', 'good.yaml')
    expect(out).toMatch(/markets +\[NG, GH\] +line 5, service/)
    expect(out).toMatch(/outside +credit +built in/)
    expect((await policy('explain')).out).toMatch(/mode +monitor +built in/)
  })

  it('a service that is not there', async () => {
    expect((await policy('explain', 'good.yaml', '--service', 'x')).exit).toBe(EXIT.refused)
  })
})

describe('policy bound', () => {
  const bound = async (...args: string[]) =>
    jsonOf<{ prices: string; services: [ServiceBound] }>(await policy('bound', ...args, '--json'))

  it('the whole is never over the daily budget, and no part over what is above it', async () => {
    const { services } = await bound('good.yaml', '--all')
    const [{ all, abroad, destinations }] = services
    expect(all.dayMicroUsd / 20e6).toBeCloseTo(1, 4)
    expect(abroad?.dayMicroUsd).toBeLessThanOrEqual(all.dayMicroUsd)
    expect(destinations.length).toBeGreaterThan(200)
    for (const d of destinations) {
      expect(d.block.dayMicroUsd).toBeLessThanOrEqual(d.operator.dayMicroUsd)
      expect(d.operator.dayMicroUsd).toBeLessThanOrEqual(d.countryWide.dayMicroUsd)
      expect(d.countryWide.dayMicroUsd).toBeLessThanOrEqual(all.dayMicroUsd)
    }
  })

  it('goes by the price file, and shows the countries asked for', async () => {
    const { services, prices } = await bound(
      'good.yaml',
      '--country',
      'ng,gh',
      '--prices',
      'prices.csv',
    )
    expect(prices).toBe(join(folder, 'prices.csv'))
    expect(services[0].destinations.map((d) => [d.country, d.priceMicroUsd]).sort()).toEqual([
      ['GH', 250_000],
      ['NG', 200_000],
    ])
  })

  it('says what gateways lose besides that decide on lines of their own', async () => {
    const of = async (...args: string[]) => (await bound('good.yaml', ...args)).services[0]
    expect((await of()).apart).toBeUndefined()
    const { all, apart } = await of('--gateways', '3')
    expect(apart).toMatchObject({ gateways: 3, share: 1 / 3 })
    // once what the shared lines give, and the last message of each of the others
    expect(apart?.all.dayMicroUsd).toBeGreaterThan(all.dayMicroUsd)
    expect(apart?.times).toBeGreaterThan(2)
    expect(apart?.times).toBeLessThan(2.3)
    const alone = await of('--gateways', '1')
    expect(alone.apart?.times).toBeCloseTo(2, 6)
    const { out } = await policy('bound', 'good.yaml', '--gateways', '3')
    expect(out).toContain('while 3 gateways decide on own lines (share 33.3 % each): USD')
  })

  it('in words: markets first, then the dearest', async () => {
    const { out } = await policy('bound', 'good.yaml')
    expect(out).toContain('signup: at most USD')
    expect(out).toContain('and USD 20.00 a day, in all')
    expect(out).toMatch(/GH +market/)
    expect(out).toContain('example prices')
  })
})

describe('policy diff', () => {
  it('what changes in effect', async () => {
    const ran = await policy('diff', 'good.yaml', 'new.yaml')
    expect(ran.exit).toBe(EXIT.refused)
    expect(ran.out).toMatch(/services\.signup\.markets +\[NG, GH\] +\[NG, GH, KE\]/)
  })

  it('how it is written does not matter', async () => {
    expect(await policy('diff', 'good.yaml', 'same.yaml')).toMatchObject({
      exit: EXIT.ok,
      out: 'no setting differs in effect',
    })
  })
})
