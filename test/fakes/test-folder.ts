import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** An empty folder of the test that asks for it, removed with all in it when the test is over, however it ends. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
