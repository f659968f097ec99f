/**
 * Loaded into every process of a test run (NODE_OPTIONS): writes each line that pino makes into a file of the process,
 * wherever the line itself goes, and with it what must not be in any line.
 */
import { tracingChannel } from 'node:diagnostics_channel'
import { openSync, writeSync } from 'node:fs'
import { join } from 'node:path'

const folder = process.env.TOLLGATE_TEST_LOGS
if (folder) {
  const files = new Map()
  const write = (kind, text) => {
    let file = files.get(kind)
    if (file === undefined) {
      file = openSync(join(folder, `${process.pid}.${kind}`), 'a', 0o600)
      files.set(kind, file)
    }
    writeSync(file, text)
  }
  tracingChannel('pino_asJson').subscribe({
    end: ({ result }) => {
      if (typeof result === 'string') write('log', result)
    },
  })
  /** Providers of tests tell what they were asked to send: numbers and codes. */
  globalThis.tollgateTestSecret = (text) => write('secret', `${JSON.stringify(text)}\n`)
}
