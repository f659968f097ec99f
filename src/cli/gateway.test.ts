import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { LedgerError } from '../ledger/port.js'
import { loadConfig } from './config.js'
import { startGateway } from './gateway.js'

vi.mock('./first-key.js', async (original) => ({
  ...(await original<typeof import('./first-key.js')>()),
  firstKey: () => Promise.reject(new LedgerError('lost', 'it went away')),
}))

const folder = mkdtempSync(join(tmpdir(), 'tollgate-gateway-'))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('that fails when it listens already listens no more, and its process can end', async () => {
  const env = { TOLLGATE_DATA: folder, TOLLGATE_PORT: '0', TOLLGATE_LOG_LEVEL: 'silent' }
  const config = loadConfig({}, { env, cwd: folder, warn: () => undefined })
  const starting = startGateway({ config, env, clock: Date.now, write: () => undefined })
  await expect(starting).rejects.toThrow('it went away')
  await expect
    .poll(() => process.getActiveResourcesInfo(), { timeout: 10_000 })
    .not.toContain('TCPServerWrap')
})
