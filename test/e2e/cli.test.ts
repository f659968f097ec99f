import { spawnSync } from 'node:child_process'
import {
  closeSync,
  createWriteStream,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { MAIN, Tollgate } from './command.js'

const NG = '+2348021234567'

const policyOf = (markets: string) =>
  `version: 1\nmode: enforce\nservices:\n  signup:\n    markets: [${markets}]\n`

let folder: string
let running: Tollgate[]

beforeAll(() => {
  if (!existsSync(MAIN)) throw new Error(`${MAIN} is not built: npm run build`)
})
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-cli-'))
  running = []
  writeFileSync(join(folder, 'policy.yaml'), policyOf('NG'))
})
afterEach(async () => {
  await Promise.all(running.map((one) => one.kill('SIGKILL')))
  rmSync(folder, { recursive: true })
})

function tollgate(args: string[], env?: Record<string, string>): Tollgate {
  const one = new Tollgate(args, folder, env)
  running.push(one)
  return one
}

async function done(args: string[], env?: Record<string, string>) {
  const one = tollgate(args, env)
  const exit = await one.exited
  return { exit, out: one.out, err: one.err }
}

const SERVE = ['serve', '--port', '0', '--policy', 'policy.yaml']

/** Starts a gateway and reads the request that it prints. */
async function served(args: string[] = SERVE, env?: Record<string, string>) {
  const gateway = tollgate(args, env)
  const curl = await gateway.printed(/curl -sS -u (\S+) -H '([^:]+): ([^']+)' -d '([^']+)' (\S+)\n/)
  const [, user = '', header = '', value = '', body = '', url = ''] = curl
  return { gateway, user, headers: { [header]: value }, body, url, origin: new URL(url).origin }
}

const basic = (user: string) => `Basic ${Buffer.from(user).toString('base64')}`

const post = async (url: string, user: string, body: unknown) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: basic(user) },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}
const get = async (url: string, user: string) => {
  const response = await fetch(url, { headers: { authorization: basic(user) } })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

describe('serve', () => {
  it('prints a request that works as it stands; the code it sends is printed and verifies', async () => {
    const { gateway, user, headers, body, url, origin } = await served()
    expect(headers).toEqual({ 'content-type': 'application/json' })
    expect(JSON.parse(body)).toEqual({ service: 'signup', to: NG })
    // passkeys are made for names, and an address is none
    const named = origin.replace('127.0.0.1', 'localhost')
    expect(gateway.out).toContain(`console  ${named}/\n`)
    expect(gateway.out).toContain(`sign in  ${named}/sign-in/setup#token=`)
    expect(gateway.out).toMatch(/mode +enforce/)
    expect(gateway.out).toContain('Its secret is not shown again')

    const started = await post(url, user, body)
    expect(started).toMatchObject({ status: 201, body: { status: 'sent', sends: 1 } })
    const [, code = ''] = await gateway.printed(/Your signup code is (\d{6})/)
    const checked = await post(`${url}/${String(started.body.id)}/check`, user, { code })
    expect(checked).toMatchObject({ status: 200, body: { verified: true } })

    expect(await gateway.kill('SIGTERM')).toBe(0)
    expect(gateway.err).toContain('SIGTERM: stopping after the requests in flight')
    expect(gateway.err).toMatch(/stopped\n$/)
    expect(gateway.err).not.toContain(code)
  })

  it.each(['SIGTERM', 'SIGKILL'] as const)(
    'after %s the keys stay, and nobody has fresh credit',
    async (signal) => {
      const first = await served()
      for (const to of ['+2348021234561', '+2348021234562']) {
        const { body } = await post(first.url, first.user, { service: 'signup', to })
        expect(body.status).toBe('sent')
      }
      const third = { service: 'signup', to: '+2348021234563' }
      expect((await post(first.url, first.user, third)).body.status).toBe('challenge_required')
      await first.gateway.kill(signal)

      const second = await served()
      expect(second.user).toBe('"$TOLLGATE_KEY"')
      expect(second.gateway.out).not.toContain('secret  ')
      const answer = await post(second.url, first.user, { ...third, to: '+2348021234564' })
      expect(answer).toMatchObject({ status: 201, body: { status: 'challenge_required' } })
      expect(await second.gateway.kill('SIGINT')).toBe(0)
    },
  )

  it('follows the policy file; a wrong one is told and changes nothing', async () => {
    const { gateway, user, origin } = await served()
    const file = join(folder, 'policy.yaml')
    const current = `${origin}/v1/admin/policies/current`
    writeFileSync(file, policyOf('NG, GH'))
    await gateway.printed(/"version":2,"msg":"policy in force"/)
    expect((await get(current, user)).body).toMatchObject({ version: 2, yaml: policyOf('NG, GH') })

    writeFileSync(file, policyOf('NG, Ghana'))
    await gateway.printed(/policy\.yaml:5:[^"]*"[^}]*policy refused, the old one stays in force/)
    expect((await get(current, user)).body).toMatchObject({ version: 2 })

    writeFileSync(file, policyOf('NG, GH, KE'))
    gateway.signal('SIGHUP')
    await gateway.printed(/"version":3,"msg":"policy in force"/)
    const { body } = await post(`${origin}/v1/decisions`, user, { service: 'signup', to: NG })
    expect(body).toMatchObject({ policyVersion: 3 })
  })

  it('greets in JSON, and takes its first key from the environment', async () => {
    const gateway = tollgate(['serve', '--json'], {
      TOLLGATE_PORT: '0',
      TOLLGATE_BOOTSTRAP_KEY: 'AC00000000000000000000000000000001:s3cret',
    })
    const [line] = await gateway.printed(/^\{"url".*\}\n/)
    const greeting = JSON.parse(line)
    expect(greeting).toMatchObject({
      policy: { file: null, services: [{ name: '(any other)', mode: 'monitor' }] },
      senders: [{ name: 'console', type: 'console' }],
      key: { id: 'AC00000000000000000000000000000001', secret: null },
    })
    expect(greeting.curl).toContain('-u "$TOLLGATE_BOOTSTRAP_KEY"')
    const answer = await post(
      `${greeting.url}/v1/verifications`,
      'AC00000000000000000000000000000001:s3cret',
      { service: 'signup', to: '+12015550123' },
    )
    expect(answer).toMatchObject({ status: 201, body: { status: 'sent' } })
    expect(gateway.out.trim().split('\n')).toHaveLength(1)
  })

  it('a second one on the same port, and one on the same directory, say so', async () => {
    const { origin } = await served()
    const { port } = new URL(origin)
    const samePort = await done(['serve', '--port', port, '--data', 'other'])
    expect(samePort).toMatchObject({
      exit: 2,
      err: expect.stringContaining(`port ${port} on 127.0.0.1 is taken`),
    })
    const sameData = await done(SERVE)
    expect(sameData).toMatchObject({
      exit: 3,
      err: expect.stringContaining('in use by another process'),
    })
  })

  it('a configuration that is wrong ends it, with line, column and remedy and no stack', async () => {
    writeFileSync(join(folder, 'tollgate.yaml'), 'server:\n  prot: 7700\nledger: postgres://db\n')
    const { exit, err, out } = await done(['serve'])
    expect({ exit, out }).toEqual({ exit: 2, out: '' })
    expect(err).toContain('tollgate.yaml:2:3: server.prot: unknown key; did you mean port?')
    expect(err).not.toMatch(/^\s+at /m)
    expect(existsSync(join(folder, 'data'))).toBe(false)
  })
})

describe('beside a gateway', () => {
  it('keys are made and revoked, and decide reads its lines', async () => {
    const { url } = await served()
    const made = JSON.parse((await done(['keys', 'create', '--scopes', 'verify', '--json'])).out)
    const asked = { service: 'signup', to: NG, context: { deviceId: 'd1' } }
    expect((await post(url, `${made.id}:${made.secret}`, asked)).status).toBe(201)

    const explained = await done([
      'decide',
      NG,
      '--policy',
      'policy.yaml',
      '--data',
      'data',
      '--device',
      'd1',
      '--json',
    ])
    const { lines } = JSON.parse(explained.out) as { lines: { line: string; debt: number }[] }
    expect(lines.find(({ line }) => line === 'device')?.debt).toBeCloseTo(1, 2)

    const other = JSON.parse((await done(['keys', 'create', '--json'])).out)
    expect((await done(['keys', 'revoke', other.id])).exit).toBe(0)
    expect((await post(url, `${other.id}:${other.secret}`, asked)).status).toBe(401)
    const { keys } = JSON.parse((await done(['keys', 'list', '--json'])).out)
    expect(keys).toHaveLength(3)
  })

  it('policy diff compares with what is in force', async () => {
    await served()
    writeFileSync(join(folder, 'new.yaml'), policyOf('NG, GH'))
    const { exit, out } = await done(['policy', 'diff', 'new.yaml', '--json'])
    expect(exit).toBe(1)
    expect(JSON.parse(out)).toEqual({
      differences: [{ path: 'services.signup.markets', before: '[NG]', after: '[NG, GH]' }],
    })
  })
})

describe('replay', () => {
  const AT = 1_795_000_000_000
  const row = (
    id: string,
    seconds: number,
    to: string,
    verifiedMs: number | null,
    retryOf: string | null = null,
  ) => ({
    id,
    at: AT + seconds * 1_000,
    service: 'signup',
    to,
    ip: '105.112.3.4',
    deviceId: null,
    accountId: null,
    sessionId: null,
    userAgent: null,
    sessionAgeMs: null,
    precedingEvents: null,
    priceMicroUsd: 110_000,
    retryOf,
    potential: {
      deliveredMs: 2_000,
      deliveryError: null,
      verifiedMs,
      solves: { pow: false, captcha: false, channel: false },
      activates: true,
    },
  })

  it('writes one decision a line in the documented form, and a summary', async () => {
    const rows = [
      row('r1', 0, '+2348021234561', 5_000),
      row('r2', 10, '+2348021234561', 5_000, 'r1'),
      row('r3', 20, '+2348039876541', null),
      row('r4', 21, '+2348039876542', null),
      row('r5', 22, '+2348039876543', null),
    ]
    writeFileSync(
      join(folder, 'traffic.ndjson'),
      rows.map((r) => `${JSON.stringify(r)}\n`).join(''),
    )
    const labels = rows.map(({ id }, i) => ({
      id,
      label: i < 2 ? 'legit' : 'attack',
      campaign: null,
    }))
    writeFileSync(
      join(folder, 'labels.ndjson'),
      labels.map((l) => `${JSON.stringify(l)}\n`).join(''),
    )
    const args = ['traffic.ndjson', '--policy', 'policy.yaml', '--labels', 'labels.ndjson']
    const { exit, out, err } = await done(['replay', ...args, '--out', 'out.ndjson', '--json'])
    expect({ exit, err }).toEqual({ exit: 0, err: '' })
    const decisions = readFileSync(join(folder, 'out.ndjson'), 'utf8')
      .trim()
      .split('\n')
      .map((l) => JSON.parse(l))
    expect(decisions.map((d) => [d.id, d.verdict, d.would, d.sent])).toEqual([
      ['r1', 'allow', 'allow', true],
      ['r3', 'allow', 'allow', true],
      ['r4', 'allow', 'allow', true],
      ['r5', 'challenge', 'challenge', false],
    ])
    for (const decision of decisions)
      expect(Object.keys(decision)).toEqual([
        'id',
        'at',
        'verdict',
        'would',
        'score',
        'reasons',
        'sent',
      ])
    expect(decisions[3].reasons.map((r: { code: string }) => r.code)).toContain(
      'block.credit_exhausted',
    )
    expect(JSON.parse(out)).toMatchObject({
      rows: 5,
      skipped: 1,
      all: { requests: 4, sent: 3, sentMicroUsd: 330_000 },
      legit: { requests: 1, sent: 1 },
      attack: { requests: 3, sent: 2, lost: 1 },
    })
  })

  const half = () => readdirSync(folder).filter((name) => name.includes('out.ndjson'))

  it.each(['SIGINT', 'SIGTERM'] as const)('%s leaves no half file', async (signal) => {
    writeFileSync(join(folder, 'out.ndjson'), 'of before')
    const traffic = join(folder, 'traffic.ndjson')
    // whoever writes it has not finished yet
    expect(spawnSync('mkfifo', [traffic]).status).toBe(0)
    const one = tollgate(['replay', 'traffic.ndjson', '--out', 'out.ndjson'])
    const pipe = createWriteStream(traffic)
    // its reader is gone
    pipe.on('error', () => pipe.destroy())
    for (let i = 0; i < 2_000; i++) pipe.write(`${JSON.stringify(row(`r${i}`, i, NG, null))}\n`)
    await expect.poll(half, { timeout: 30_000 }).toHaveLength(2)
    await one.kill(signal)
    pipe.destroy()
    expect(half()).toEqual(['out.ndjson'])
    expect(readFileSync(join(folder, 'out.ndjson'), 'utf8')).toBe('of before')
  })

  it('a row that is wrong leaves no half file', async () => {
    const rows = [row('a', 0, NG, null), row('b', 5, NG, null), row('c', 1, NG, null)]
    writeFileSync(join(folder, 'traffic.ndjson'), rows.map((r) => JSON.stringify(r)).join('\n'))
    expect((await done(['replay', 'traffic.ndjson', '--out', 'out.ndjson'])).exit).toBe(2)
    expect(half()).toEqual([])
  })

  it('a row that is wrong is told with its line', async () => {
    const wrong = [row('a', 5, NG, null), row('b', 0, NG, null)]
    writeFileSync(
      join(folder, 'traffic.ndjson'),
      wrong.map((r) => `${JSON.stringify(r)}\n`).join(''),
    )
    expect(await done(['replay', 'traffic.ndjson'])).toMatchObject({
      exit: 2,
      err: expect.stringMatching(/traffic\.ndjson:2: rows must be in time order/),
    })
  })
})

describe.runIf(existsSync('/dev/full'))('an answer onto a full disk', () => {
  it('is told in one sentence, and is no success', () => {
    const full = openSync('/dev/full', 'w')
    const { status, stderr } = spawnSync(
      process.execPath,
      [MAIN, 'policy', 'check', 'policy.yaml'],
      { cwd: folder, stdio: ['ignore', full, 'pipe'], encoding: 'utf8' },
    )
    closeSync(full)
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringMatching(
        /^tollgate: the answer cannot be written whole \(ENOSPC.*\)\n$/,
      ),
    })
  })
})

describe('doctor', () => {
  it('a fresh machine can run a gateway', async () => {
    const { exit, out } = await done(['doctor', '--json'], { TOLLGATE_PORT: '0' })
    expect(exit).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ ok: true })
  })
})
