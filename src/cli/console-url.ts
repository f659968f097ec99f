import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDataDirectoryInUse } from '../verify/data-directory.js'
import type { Config } from './config.js'
import { consoleAddress } from './first-admin.js'

const fileIn = (data: string): string => join(data, 'console.url')

/**
 * Leaves the address of the console for commands beside the gateway: flags that it was started with are in no file. One
 * that was killed leaves it too: it holds while the directory is in use.
 * @param onError told where it cannot be left, for which no gateway must stay down
 */
export function leaveConsoleUrl(data: string, url: string, onError: (error: Error) => void): void {
  const file = fileIn(data)
  try {
    writeFileSync(file, `${url}\n`)
  } catch (cause) {
    onError(new Error(`${file} cannot be written: users link will not know ${url}`, { cause }))
  }
}

/** What listens on a host is asked at. */
export function originAt(host: string, port: number): string {
  const anywhere = host === '0.0.0.0' || host === '::'
  const name = anywhere ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${port}`
}

/** Where a browser finds the console. */
export interface ConsoleUrl {
  /** an origin */
  url: string
  /** what has to be done before it is there, and how; `null` where it is */
  missing: { what: string; mend: string } | null
}

/** The configured address, else that of the gateway at work on the data directory, else the one it would have. */
export async function consoleUrlOf({
  server: { publicUrl, host, port },
  data,
  usesData,
}: Pick<Config, 'server' | 'data' | 'usesData'>): Promise<ConsoleUrl> {
  if (publicUrl !== null) return { url: publicUrl, missing: null }
  const left = usesData && (await isDataDirectoryInUse(data)) ? readLeft(fileIn(data)) : null
  if (left !== null) return { url: left, missing: null }
  const url = consoleAddress(originAt(host, port))
  return {
    url,
    missing: {
      what: usesData ? `no gateway is at work on ${data}` : 'server.publicUrl is not set',
      mend: `the link opens where a gateway listens at ${url}; if yours has another address, set server.publicUrl`,
    },
  }
}

function readLeft(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    // a gateway that does not listen yet
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
