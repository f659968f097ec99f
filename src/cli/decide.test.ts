import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { jsonOf, NOON, tollgate } from '../../test/fakes/terminal.js'
import { consoleProvider } from '../send/console.js'
import { createSender } from '../send/sender.js'
import { compose } from '../verify/compose.js'
import type { ExplainedDecision } from './explain-decision.js'
import { EXIT } from './fault.js'
import { readPolicy } from './policy-file.js'

let folder: string
let policy: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-decide-'))
  policy = join(folder, 'policy.yaml')
  writeFileSync(
    policy,
    'version: 1\nmode: enforce\nservices:\n  signup:\n    markets: [NG]\n    countries: { GB: deny, KE: challenge }\n',
  )
})
afterAll(() => rmSync(folder, { recursive: true }))

const NG = '+2348021234567'
const decide = (...args: string[]) => tollgate(['decide', ...args], { cwd: folder })
const explain = async (...args: string[]) =>
  jsonOf<ExplainedDecision>(await decide(...args, '--json'))

describe('decide on empty lines', () => {
  it('says in words what it decides and how much room there is', async () => {
    const { exit, out } = await decide(NG, '--policy', policy, '--ip', '105.112.3.4')
    expect(exit).toBe(EXIT.ok)
    expect(out).toMatch(/^ALLOW: the code is sent \(enforce mode\)/)
    expect(out).toContain('NG, MOBILE, Airtel')
    expect(out).toContain('AS36873')
    expect(out).toContain('No rule speaks against it.')
    expect(out).toMatch(
      /subBlock +\+2348021234 +USD 0\.00 +USD 0\.11 +USD 0\.22 +USD 0\.22 +50 % +1 h +binding, narrow/,
    )
    expect(out).toContain('Room: at least 1 more like this')
  })

  it('the lines are those the decision rests on', async () => {
    const d = await explain(NG, '--policy', policy, '--ip', '105.112.3.4', '--device', 'd1')
    expect(Math.max(...d.lines.map((line) => line.utilisation))).toBe(d.utilisation)
    expect(d.lines.map((line) => line.line)).toEqual([
      'subBlock',
      'block',
      'operator',
      'country',
      'service',
      'number',
      'ip',
      'subnet',
      'network',
      'device',
    ])
    for (const { debt, cost, limit, headroom, utilisation } of d.lines) {
      expect((debt + cost) / limit).toBeCloseTo(utilisation, 12)
      expect(headroom).toBe(limit - debt)
    }
    expect(d.priceMicroUsd).toBe(110_000)
  })

  it('a price of its own', async () => {
    const d = await explain(NG, '--policy', policy, '--price', '0.3')
    expect(d.priceMicroUsd).toBe(300_000)
    expect(d.lines[0]).toMatchObject({ line: 'subBlock', cost: 300_000, limit: 600_000 })
  })

  it('a message that costs nothing is not taken for one asked for again', async () => {
    const { out } = await decide(NG, '--policy', policy, '--price', '0')
    expect(out).toMatch(/^ALLOW/)
    expect(out).not.toContain('Asked again')
  })

  it('what a challenge or the allow list would change is asked of the engine', async () => {
    const challenged = await explain('+254712123456', '--policy', policy)
    expect(challenged.verdict).toBe('challenge')
    expect(challenged.alternatives[0]).toEqual({ change: 'a solved challenge', would: 'allow' })
    const denied = await explain('+447400123456', '--policy', policy)
    expect(denied.verdict).toBe('deny')
    expect(denied.alternatives.map(({ would }) => would)).toEqual(['deny', 'deny'])
    expect(denied.reasons[0]).toMatchObject({
      code: 'country.denied',
      sentence: 'messages to GB are not permitted',
      remedy: expect.stringContaining('Change the country'),
    })
    expect((await decide('+447400123456', '--policy', policy)).out).toContain(
      'country.denied (deny)',
    )
  })

  it('without a policy it is the built-in one, in monitor mode', async () => {
    const d = await explain('+8816123456')
    expect(d).toMatchObject({ service: 'signup', mode: 'monitor', verdict: 'deny', would: 'deny' })
    expect((await decide('+88161234567')).out).toContain('What would change it: another number.')
  })

  it('a service that the policy does not name', async () => {
    const { exit, err } = await decide(NG, '--policy', policy, '--service', 'singup')
    expect(exit).toBe(EXIT.usage)
    expect(err).toContain('give one of signup with --service')
  })
})

describe('decide on the lines of a data directory', () => {
  it('reads what a gateway holds there, beside it, and changes nothing', async () => {
    const data = join(folder, 'data')
    const read = readPolicy(policy)
    const gateway = await compose({
      policy: read.policy,
      policyText: read.text,
      sender: createSender({ providers: [consoleProvider({ write: () => undefined })] }),
      data,
      clock: () => NOON - 60_000,
      upkeep: false,
    })
    try {
      await gateway.gate.start({ service: 'signup', to: NG, ip: '105.112.3.4' })
      await gateway.ledger.commit()
      const position = await gateway.ledger.position()
      const args = ['+2348021234568', '--policy', policy, '--data', data]
      const first = await explain(...args)
      const subBlock = first.lines.find((line) => line.line === 'subBlock')
      expect(subBlock?.debt).toBeCloseTo(110_000, -2)
      expect(first.verdict).toBe('allow')
      expect(await explain(...args)).toEqual(first)
      await gateway.gate.start({ service: 'signup', to: '+2348021234569', ip: '105.112.3.4' })
      await gateway.ledger.commit()
      const full = await decide(...args)
      expect(full.out).toMatch(/^CHALLENGE/)
      expect(full.out).toMatch(/with a solved challenge +allow/)
      expect(full.out).toMatch(
        /by waiting +its reasons end 2026-11-21 \d\d:\d\d:\d\d UTC \(in .*\), if nothing more is sent/,
      )
      expect((await gateway.ledger.position()).requests).toBe(position.requests + 1)
      expect((await decide(...args)).out).toContain(`as in ${data} now`)
    } finally {
      await gateway.close()
    }
  })

  it('a directory without a ledger is trouble with the store, and stays empty', async () => {
    const { exit, err } = await decide(NG, '--data', join(folder, 'nothing'))
    expect(exit).toBe(EXIT.store)
    expect(err).toContain('there is no ledger in')
  })

  it('a ledger that cannot be looked at is not said to be missing', async () => {
    // stands for the directory of another user, which stops nobody who is root
    const data = join(folder, 'foreign')
    mkdirSync(data)
    symlinkSync('ledger.sqlite', join(data, 'ledger.sqlite'))
    const { exit, err } = await decide(NG, '--data', data)
    expect(exit).toBe(EXIT.store)
    expect(err).toContain(`cannot look into ${data}: ELOOP`)
    expect(err).toContain('run it as the user that the gateway runs as')
  })
})
