import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { makeDirectory } from '../files/make-directory.js'
import { makeSecrets } from '../files/secrets-file.js'

/** Everything a gateway keeps on disk. */
export interface DataDirectory {
  directory: string
  ledgerFile: string
  snapshotFile: string
  /** what a gateway of a cluster has learned */
  knowledgeFile: string
  /** keys of encrypted numbers, unless the configuration names another file */
  numberKeysFile: string
  /** 32 bytes; every other key is derived from it */
  serverKey: Buffer
  /** lets another process have the directory */
  release(): void
}

const KEY_BYTES = 32
const LOCK = 'lock'
/** Whoever looks whether a directory is in use has its lock for a moment. */
const LOOK_MS = 100

/**
 * Opens a data directory for this process alone, making what is missing. Two gates over one directory would each keep
 * lines of their own and hand every attacker his credit twice.
 * @throws Error when another process has it, it cannot be made or written, or its key is damaged
 */
export async function openDataDirectory(path: string): Promise<DataDirectory> {
  const directory = resolve(path)
  makeDirectory(directory, 0o700)
  const release = await lock(directory)
  try {
    return {
      directory,
      ledgerFile: join(directory, 'ledger.sqlite'),
      snapshotFile: join(directory, 'lines.snapshot'),
      knowledgeFile: join(directory, 'knowledge.snapshot'),
      numberKeysFile: join(directory, 'number.keys'),
      serverKey: readServerKey(join(directory, 'server.key')),
      release,
    }
  } catch (error) {
    release()
    throw error
  }
}

const unwritable = (directory: string, cause: unknown): Error =>
  new Error(
    `the data directory ${directory} cannot be written (${(cause as Error).message}): give one that this user may write, or change its owner`,
    { cause },
  )

/** Whether a gate is at work on the directory. A directory that is not there is not used. */
export async function isDataDirectoryInUse(path: string): Promise<boolean> {
  const file = join(resolve(path), LOCK)
  if (!existsSync(file)) return false
  const { default: Sqlite } = await sqlite()
  const connection = new Sqlite(file, { readonly: true, timeout: 0 })
  try {
    connection.prepare('select 1 from sqlite_master').all()
    return false
  } catch (error) {
    if ((error as { code?: string }).code === 'SQLITE_BUSY') return true
    throw error
  } finally {
    connection.close()
  }
}

const sqlite = () =>
  import('better-sqlite3').catch((cause: unknown) => {
    throw new Error(
      'a data directory needs the package better-sqlite3: npm install better-sqlite3',
      { cause },
    )
  })

/** A lock of the operating system through SQLite, on a file of its own: it falls with the process, also at kill -9. */
async function lock(directory: string): Promise<() => void> {
  const { default: Sqlite } = await sqlite()
  let connection: InstanceType<typeof Sqlite> | undefined
  try {
    connection = new Sqlite(join(directory, LOCK), { timeout: LOOK_MS })
    connection.exec('begin exclusive')
    const locked = connection
    return () => locked.close()
  } catch (cause) {
    connection?.close()
    if ((cause as { code?: string }).code !== 'SQLITE_BUSY') throw unwritable(directory, cause)
    throw new Error(
      `the data directory ${directory} is in use by another process: end that one, or give this one its own directory`,
      { cause },
    )
  }
}

/** The key is made once; without it no code that is out can be checked and no sealed number be opened. */
function readServerKey(file: string): Buffer {
  makeSecrets(file, () => `${randomBytes(KEY_BYTES).toString('hex')}\n`)
  const text = readFileSync(file, 'utf8')
  if (/^[0-9a-f]{64}\n?$/.test(text)) return Buffer.from(text.trim(), 'hex')
  throw new Error(
    `${file} is damaged: it must hold ${KEY_BYTES} bytes in hex. Restore it from a backup; without one move it away, and every code that is out becomes worthless`,
  )
}
