import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const root = new URL('../../', import.meta.url)
const lock = JSON.parse(readFileSync(new URL('package-lock.json', root), 'utf8'))
const manifest = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'))
const { lockProblems, readReport } = await import(new URL('scripts/audit.mjs', root).href)

describe('the SBOM', () => {
  const sbom = JSON.parse(
    execFileSync(process.execPath, ['scripts/sbom.mjs'], {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    }),
  )

  test('is CycloneDX, of this release', () => {
    expect(sbom).toMatchObject({
      bomFormat: 'CycloneDX',
      specVersion: expect.stringMatching(/^1\.\d$/),
    })
    expect(sbom.metadata.component).toMatchObject({
      ...{ type: 'application', name: manifest.name, version: manifest.version },
    })
  })

  test('has every package that a user installs, by version and hash, and none of development', () => {
    const released = Object.entries<{
      version: string
      dev?: boolean
      devOptional?: boolean
      link?: boolean
    }>(lock.packages)
      .filter(([path, { dev, link }]) => path !== '' && !dev && !link)
      .map(
        ([path, { version }]) => `${path.slice(path.lastIndexOf('node_modules/') + 13)}@${version}`,
      )
    const listed = sbom.components.map(
      ({ name, group, version }: { name: string; group?: string; version: string }) =>
        `${group === undefined ? '' : `${group}/`}${name}@${version}`,
    )
    expect(new Set(listed)).toEqual(new Set(released))
    for (const name of Object.keys(manifest.dependencies))
      expect(
        listed.some((one: string) => one.startsWith(`${name}@`)),
        name,
      ).toBe(true)
    expect(listed.some((one: string) => one.startsWith('vitest@'))).toBe(false)
    for (const { purl, hashes } of sbom.components) {
      expect(purl).toMatch(/^pkg:npm\//)
      expect(hashes?.[0]?.alg, purl).toBe('SHA-512')
    }
  })
})

describe('the check of dependencies', () => {
  test('finds nothing wrong with the lock file', () => {
    expect(lockProblems(lock)).toEqual([])
  })

  test('finds a package without a hash, one from elsewhere, and one that runs a script', () => {
    const packages = {
      '': {},
      'node_modules/a': { version: '1.0.0' },
      'node_modules/b': { integrity: 'sha1-x', resolved: 'https://registry.npmjs.org/b' },
      'node_modules/c': { integrity: 'sha512-x', resolved: 'git+ssh://git@github.com/c/c.git' },
      'node_modules/x/node_modules/d': { integrity: 'sha512-x', hasInstallScript: true },
    }
    expect(lockProblems({ packages }).map((problem: string) => problem.split(':')[0])).toEqual([
      ...['node_modules/a', 'node_modules/b', 'node_modules/c', 'node_modules/x/node_modules/d'],
    ])
  })

  test('tells holes from a registry that does not say', () => {
    const holes = { evil: { name: 'evil', severity: 'high', range: '<2', fixAvailable: true } }
    expect(readReport({ auditReportVersion: 2, vulnerabilities: holes })).toEqual({
      ...{ asked: true, holes: ['high: evil <2 (npm audit fix)'] },
    })
    expect(readReport({ auditReportVersion: 2, vulnerabilities: {} })).toEqual({
      asked: true,
      holes: [],
    })
    expect(readReport({ message: '405 Method Not Allowed' })).toEqual({
      ...{ asked: false, why: '405 Method Not Allowed' },
    })
    expect(readReport(null)).toMatchObject({ asked: false })
  })
})
