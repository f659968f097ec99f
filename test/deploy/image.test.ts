import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../fakes/redis-process.js'
import { fileOf, ROOT } from './tool.js'

const {
  productionPackages,
  installedPackages,
  isInstalled,
}: {
  productionPackages(lock: Lock, without: string[]): string[]
  installedPackages(lock: Lock, reached: string[], isThere: (path: string) => boolean): string[]
  isInstalled(folder: string): boolean
} = await import(join(ROOT, 'deploy', 'production-files.mjs'))

interface Lock {
  packages: Record<string, object>
}
interface Step {
  verb: string
  words: string
}

/** The steps of a Dockerfile by stage, continued lines joined. */
function stagesOf(text: string): Step[][] {
  const steps = text
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, verb = '', words = ''] = /^(\S+)\s+(.*)$/.exec(line) ?? []
      return { verb, words }
    })
  const starts = steps.flatMap(({ verb }, i) => (verb === 'FROM' ? [i] : []))
  return starts.map((start, i) => steps.slice(start, starts[i + 1]))
}

const [build = [], final = []] = stagesOf(fileOf('Dockerfile'))
const wordsOf = (stage: Step[], verb: string) =>
  stage.filter((step) => step.verb === verb).map(({ words }) => words)

describe('the Dockerfile', () => {
  it('copies what is there, and what .dockerignore lets through', () => {
    const through = fileOf('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1))
    const copied = wordsOf(build, 'COPY').flatMap((words) => words.split(' ').slice(0, -1))
    for (const path of copied) {
      expect(existsSync(join(ROOT, path)), path).toBe(true)
      expect(through).toContain(path)
    }
    // what the build reads, by its own account
    for (const path of ['scripts', 'console', 'src', 'tsconfig.json', 'tsconfig.build.json'])
      expect(copied).toContain(path)
  })

  it('takes from the build what production needs, and ends as nobody in particular', () => {
    const from = wordsOf(final, 'COPY')
    expect(from.every((words) => words.startsWith('--from=build '))).toBe(true)
    expect(wordsOf(final, 'USER')).toEqual(['1000:1000'])
    const verbs = final.map(({ verb }) => verb)
    expect(verbs.lastIndexOf('USER')).toBeGreaterThan(verbs.lastIndexOf('RUN'))
    expect(wordsOf(final, 'FROM')[0]).toMatch(/-slim$/)
    expect(wordsOf(final, 'ENTRYPOINT')[0]).toMatch(/^\["node", "\/opt\/tollgate\/dist/)
    expect(wordsOf(final, 'HEALTHCHECK')[0]).toContain('/opt/tollgate/healthcheck.mjs')
  })

  it('writes to its volume alone, temporary files too: nothing else of a read-only container can be written', () => {
    const [volume = ''] = wordsOf(final, 'VOLUME')
    const given = Object.fromEntries(
      wordsOf(final, 'ENV').flatMap((words) => words.split(/\s+/).map((pair) => pair.split('='))),
    )
    expect(given).toMatchObject({ TOLLGATE_DATA: volume, TMPDIR: volume })
    expect(wordsOf(final, 'WORKDIR')).toEqual([volume])
  })

  it('has no secret in it, neither as argument nor as environment', () => {
    for (const { verb, words } of [...build, ...final])
      if (verb === 'ARG' || verb === 'ENV') expect(words).not.toMatch(/SECRET|KEY|PASSWORD|TOKEN/)
  })

  it('leaves out the same packages as the script does by itself', () => {
    const [, argument] = /^WITHOUT=(.*)$/.exec(wordsOf(build, 'ARG').join('\n')) ?? []
    const [, own] = /FOR_REPORTS = \[(.*)\]/.exec(fileOf('deploy', 'production-files.mjs')) ?? []
    expect(argument?.split(',')).toEqual(own?.replaceAll("'", '').split(', '))
  })
})

describe('packages of production', () => {
  const lock: { packages: Record<string, { dev?: true }> } = JSON.parse(fileOf('package-lock.json'))
  it('are those that npm marks as such', () => {
    const marked = Object.entries(lock.packages)
      .filter(([path, { dev }]) => path !== '' && dev !== true)
      .map(([path]) => path)
    const reached = productionPackages(lock, [])
    expect(reached.filter((path) => !marked.includes(path))).toEqual([])
    const { dependencies, optionalDependencies } = JSON.parse(fileOf('package.json'))
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies }))
      expect(reached).toContain(`node_modules/${name}`)
  })
  it('a package that the lock file does not have is told', () => {
    const broken = {
      packages: { '': { dependencies: { nothere: '1' }, optionalDependencies: {} } },
    }
    expect(() => productionPackages(broken, [])).toThrow('not in package-lock.json: nothere')
  })
})

describe('packages that are not installed', () => {
  const lock: Lock = JSON.parse(fileOf('package-lock.json'))
  const reached = productionPackages(lock, [])
  const without = (name: string) => () =>
    installedPackages(lock, reached, (path) => path !== `node_modules/${name}`)

  it('end the build, also one that npm leaves out when it cannot be compiled', () => {
    expect(without('commander')).toThrow('not installed: commander')
    expect(without('better-sqlite3')).toThrow('not installed: better-sqlite3')
  })
  it('are those, too, whose script did not run: their binary is not there', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tollgate-packages-'))
    try {
      writeFileSync(join(folder, 'package.json'), '{}')
      expect(isInstalled(folder)).toBe(true)
      writeFileSync(join(folder, 'binding.gyp'), '{}')
      expect(isInstalled(folder)).toBe(false)
      mkdirSync(join(folder, 'build', 'Release'), { recursive: true })
      expect(isInstalled(folder)).toBe(true)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
  it('may be those of another platform', () => {
    const [other] = reached.filter((path) => path.includes('node-bindings-darwin'))
    expect(other).toBeDefined()
    const there = installedPackages(lock, reached, (path) => path !== other)
    expect(there).toEqual(reached.filter((path) => path !== other))
  })
})

describe('what is in the image', () => {
  let folder: string
  let gateway: ChildProcess
  let port: number
  let log = ''
  const image = () => join(folder, 'tollgate')

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tollgate-image-'))
    chmodSync(folder, 0o755)
    execFileSync(process.execPath, ['deploy/production-files.mjs', image()], { cwd: ROOT })
    const data = join(folder, 'data')
    mkdirSync(data, { mode: 0o700 })
    // as in a container: the files are root's, the user has its data and nothing else
    const root = process.getuid?.() === 0
    if (root) chownSync(data, 1000, 1000)
    port = await freePort()
    gateway = spawn(process.execPath, [join(image(), 'dist', 'cli', 'main.js'), 'serve'], {
      cwd: data,
      env: { NODE_ENV: 'production', TOLLGATE_PORT: String(port), TOLLGATE_DATA: data },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(root && { uid: 1000, gid: 1000 }),
    })
    for (const stream of [gateway.stdout, gateway.stderr])
      stream?.on('data', (chunk: Buffer) => {
        log += chunk
      })
    const ended = once(gateway, 'close')
    const printed = async () => {
      while (!log.includes('ready after')) await once(gateway.stdout ?? gateway, 'data')
    }
    await Promise.race([printed(), ended])
  })
  afterAll(() => {
    gateway?.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })

  const check = (path: string, at = port) => {
    const child = spawn(process.execPath, [join(image(), 'healthcheck.mjs'), path], {
      env: { TOLLGATE_PORT: String(at) },
    })
    return once(child, 'close').then(([code]) => code)
  }

  it('starts as somebody who may write nothing but the data, and is healthy', async () => {
    expect(log).toContain('ready after')
    expect(await check('/healthz')).toBe(0)
    expect(await check('/readyz')).toBe(0)
    expect(await check('/nowhere')).toBe(1)
    expect(await check('/healthz', await freePort())).toBe(1)
  })

  it('serves the console', async () => {
    const page = await fetch(`http://127.0.0.1:${port}/`, { headers: { accept: 'text/html' } })
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('<script')
  })

  it('is no more than that', () => {
    const modules = readdirSync(join(image(), 'node_modules'))
    for (const name of ['typescript', 'vitest', 'vite', 'react', 'echarts', '@duckdb', 'twilio'])
      expect(modules).not.toContain(name)
    const files = readdirSync(image(), { recursive: true }) as string[]
    expect(files.filter((file) => /\.(d\.ts|map|test\.js)$/.test(file))).toEqual([])
    expect(readdirSync(image()).sort()).toEqual(
      ['LICENSE', 'NOTICE', 'dist', 'healthcheck.mjs', 'node_modules', 'package.json'].sort(),
    )
  })

  it('ends when it is asked to', async () => {
    const ended = once(gateway, 'close')
    gateway.kill('SIGTERM')
    expect((await ended)[0]).toBe(0)
  })
})
