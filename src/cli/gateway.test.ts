import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { LedgerError } from '../ledger/port.js'
import { loadConfig } from './config.js'
import { startGateway } from './gateway.js'

vi.mock('./first-key.js', async (original) => ({
  ...(await original<typeof import('./first-key.js')>()),
  firstKey: () => Promise.reject(new LedgerError('lost', 'it went away')),
}))

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-gateway-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))
function start(more: Record<string, string> = {}) {
  const env = { TOLLGATE_DATA: folder, TOLLGATE_PORT: '0', TOLLGATE_LOG_LEVEL: 'silent', ...more }
  const config = loadConfig({}, { env, cwd: folder, warn: () => undefined })
  return startGateway({ config, env, clock: Date.now, write: () => undefined })
}

it('that fails when it listens already listens no more, and its process can end', async () => {
  await expect(start()).rejects.toThrow('it went away')
  await expect
    .poll(() => process.getActiveResourcesInfo(), { timeout: 10_000 })
    .not.toContain('TCPServerWrap')
})

it('goes on where its policy file cannot be read again', async () => {
  const inside = join(folder, 'policies')
  const file = join(inside, 'policy.yaml')
  mkdirSync(inside)
  writeFileSync(file, 'version: 1\nservices:\n  signup: {}\n')
  const gateway = await start({
    ...{ TOLLGATE_POLICY: file, TOLLGATE_BOOTSTRAP_KEY: 'app:a-secret-of-the-test' },
  })
  rmSync(inside, { recursive: true })
  writeFileSync(inside, 'no directory any more')
  await expect(gateway.reload()).resolves.toBe(undefined)
  await gateway.close()
})
