import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCheckedYaml } from '../../src/cli/checked-yaml.js'
import { NAMES } from '../../src/cli/config-env.js'
import { DeploymentFile } from '../../src/cli/config-schema.js'
import { readPolicy } from '../../src/cli/policy-file.js'
import { secretFromEnvironment } from '../../src/cli/secret.js'
import { sendConfigProblems } from '../../src/send/config.js'
import { fileOf, ROOT, yamlOf } from './tool.js'

interface Mount {
  type: 'bind' | 'volume'
  source: string
  target: string
  read_only?: boolean
}
interface Service {
  image?: string
  build?: { context: string; dockerfile: string }
  user?: string
  environment?: Record<string, string>
  secrets?: string[]
  volumes?: Mount[]
  tmpfs?: string[]
  networks?: string[]
  ports?: string[]
  depends_on?: Record<string, unknown> | string[]
  healthcheck?: { test: string[] }
  read_only?: boolean
  cap_drop?: string[]
  security_opt?: string[]
  privileged?: boolean
  network_mode?: string
}
interface Compose {
  services: Record<string, Service>
  networks: Record<string, { internal?: boolean; ipam?: { config: { subnet: string }[] } }>
  volumes: Record<string, unknown>
  secrets: Record<string, { file: string }>
}

const compose = yamlOf<Compose>('deploy', 'compose.yaml')
const services = Object.entries(compose.services)
const gateways = services.filter(([name]) => name.startsWith('gateway'))
let copy: string

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'tollgate-compose-'))
  cpSync(join(ROOT, 'deploy', 'make-secrets.sh'), join(copy, 'make-secrets.sh'))
  execFileSync('sh', [join(copy, 'make-secrets.sh')])
})
afterAll(() => rmSync(copy, { recursive: true, force: true }))

describe('every container', () => {
  it.each(services)('%s is locked down, checked and restarted', (_, service) => {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      restart: 'unless-stopped',
      logging: { options: { 'max-size': expect.any(String) } },
      healthcheck: { test: expect.any(Array) },
    })
    expect(service.privileged).toBeUndefined()
    expect(service.network_mode).toBeUndefined()
    // the image of the gateway says its own user
    if (service.build === undefined) expect(service.user).toMatch(/^[1-9]\d*:[1-9]\d*$/)
  })

  it.each(services)('%s finds what it mounts, depends on and is connected to', (_, service) => {
    for (const { type, source, target, read_only } of service.volumes ?? []) {
      if (type === 'volume') expect(compose.volumes).toHaveProperty(source)
      else {
        expect(existsSync(join(ROOT, 'deploy', source)), source).toBe(true)
        expect(read_only, `${target} is written`).toBe(true)
      }
    }
    for (const network of service.networks ?? []) expect(compose.networks).toHaveProperty(network)
    for (const name of Object.keys(service.depends_on ?? {}))
      if (!/^\d+$/.test(name)) expect(compose.services).toHaveProperty(name)
    for (const secret of service.secrets ?? []) expect(compose.secrets).toHaveProperty(secret)
    for (const value of Object.values(service.environment ?? {})) {
      const [, secret] = /^\/run\/secrets\/(\w+)$/.exec(value) ?? []
      if (secret !== undefined) expect(service.secrets).toContain(secret)
    }
  })

  it('has no port open but on this machine, and stores have none', () => {
    const open = services.flatMap(([, { ports = [] }]) => ports)
    for (const port of open) expect(port).toMatch(/^127\.0\.0\.1:/)
    expect(compose.networks.stores?.internal).toBe(true)
    for (const name of ['valkey', 'postgres']) {
      expect(compose.services[name]?.ports).toBeUndefined()
      expect(compose.services[name]?.networks).toEqual(['stores'])
    }
  })

  it('gets no secret by its environment', () => {
    for (const [name, { environment = {} }] of services)
      for (const [key, value] of Object.entries(environment))
        if (/PASSWORD|SECRET|KEY|TOKEN/.test(key) && !/__?FILE$/.test(key))
          expect.fail(`${name}: ${key}=${value}`)
  })
})

describe('the gateways', () => {
  it('are two, and know every setting they are given', () => {
    expect(gateways).toHaveLength(2)
    for (const [, { environment = {} }] of gateways)
      for (const name of Object.keys(environment)) expect(NAMES, name).toContain(name)
  })

  it('believe the proxy’s network and no other', () => {
    const subnet = compose.networks.edge?.ipam?.config[0]?.subnet
    expect(gateways[0]?.[1].environment?.TOLLGATE_TRUST_PROXIES).toBe(subnet)
    const inEdge = services.filter(([, { networks = [] }]) => networks.includes('edge'))
    expect(inEdge.map(([name]) => name)).toEqual(['gateway1', 'gateway2', 'proxy'])
  })

  it('agree with image, proxy and Prometheus about port and paths', () => {
    const image = fileOf('Dockerfile')
    expect(image).toContain('TOLLGATE_PORT=7700')
    const asked = gateways.map(([name]) => `${name}:7700`)
    for (const target of asked) {
      expect(fileOf('deploy', 'nginx', 'upstream.conf')).toContain(`server ${target} `)
    }
    const { scrape_configs } = yamlOf<{
      scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[]
    }>('deploy', 'prometheus', 'prometheus.yml')
    const job = scrape_configs.find(({ job_name }) => job_name === 'tollgate')
    expect(job?.static_configs[0]?.targets).toEqual(asked)
    for (const [, { volumes = [], healthcheck }] of gateways) {
      expect(healthcheck?.test).toEqual(['CMD', 'node', '/opt/tollgate/healthcheck.mjs', '/readyz'])
      expect(volumes.find(({ type }) => type === 'volume')?.target).toBe('/var/lib/tollgate')
    }
  })

  it.each([
    ['deploy/tollgate.yaml', 'deploy/policy.yaml'],
    ['deploy/kubernetes/config/tollgate.yaml', 'deploy/kubernetes/config/policy.yaml'],
  ])('%s and its policy are right', (file, policy) => {
    const read = readCheckedYaml(fileOf(file), file, DeploymentFile)
    expect(read).toMatchObject({ ok: true })
    const { send, data } = (read.ok ? read.value : {}) as { send: unknown; data: string }
    expect(sendConfigProblems(send)).toEqual([])
    expect(data).toBe('/var/lib/tollgate')
    expect(readPolicy(join(ROOT, policy)).policy.services).toHaveProperty('signup')
  })
})

describe('make-secrets.sh', () => {
  const secret = (name: string) => readFileSync(join(copy, 'secrets', name), 'utf8').trim()

  it('makes every secret that is asked for, once', () => {
    for (const { file } of Object.values(compose.secrets))
      expect(existsSync(join(copy, file)), file).toBe(true)
    const before = secret('server_secret')
    expect(execFileSync('sh', [join(copy, 'make-secrets.sh')], { encoding: 'utf8' })).toBe('')
    expect(secret('server_secret')).toBe(before)
    expect(statSync(join(copy, 'secrets')).mode & 0o777).toBe(0o700)
  })

  it('makes secrets that fit together', () => {
    expect(secretFromEnvironment({ TOLLGATE_SECRET: secret('server_secret') })).toHaveLength(32)
    expect(secret('bootstrap_key')).toMatch(/^ops:[0-9a-f]{64}$/)
    const ledger = new URL(secret('ledger_url'))
    expect(ledger.password).toBe(secret('postgres_password'))
    expect(ledger.hostname in compose.services).toBe(true)
    expect(ledger.pathname).toBe(`/${compose.services.postgres?.environment?.POSTGRES_DB}`)
    const lines = new URL(secret('lines_url'))
    expect(lines.hostname in compose.services).toBe(true)
    expect(secret('valkey_users')).toContain(`user ${lines.username} on #`)
  })

  it('leaves nothing in git or in the image', () => {
    expect(fileOf('.gitignore')).toContain('deploy/secrets/')
    const kept = fileOf('.dockerignore').split('\n')
    expect(kept).toContain('*')
    expect(kept.some((line) => /^!(deploy|deploy\/secrets)?\/?$/.test(line))).toBe(false)
  })
})
