import { open, readFile, rename, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** The policy file cannot be written; says why, and what to do. */
export class PolicyFileError extends Error {
  override readonly name = 'PolicyFileError'
}

const unwritable = (file: string, cause: unknown): PolicyFileError =>
  new PolicyFileError(
    `the policy file ${file} cannot be written (${(cause as Error).message}); nothing was published. ` +
      'Let the gateway write in its directory, or edit the file where it is kept.',
    { cause },
  )

/** New content beside the file, durable, and not yet in its place. */
export interface Staged {
  /** Puts it in its place in one step: nobody reads half a file. */
  commit(): Promise<void>
  discard(): Promise<void>
}

/**
 * Writes the text beside the file first: whether it can be written is known before anything is published.
 * @throws PolicyFileError
 */
export async function stage(file: string, text: string, tag: string): Promise<Staged> {
  const beside = join(dirname(file), `.tollgate-policy-${tag}.tmp`)
  try {
    const mode = await modeOf(file)
    const handle = await open(beside, 'wx', mode)
    try {
      await handle.writeFile(text, 'utf8')
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch (cause) {
    throw unwritable(file, cause)
  }
  const discard = async (): Promise<void> => {
    await unlink(beside).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
  }
  return {
    async commit() {
      try {
        await rename(beside, file)
      } catch (cause) {
        // such as a file that is mounted by itself: it cannot be replaced
        await discard()
        throw unwritable(file, cause)
      }
    },
    discard,
  }
}

const PRIVATE = 0o640

async function modeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).mode & 0o777
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return PRIVATE
    throw error
  }
}

/** What the file says now; `null` when there is none. @throws PolicyFileError when it cannot be read */
export async function textOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new PolicyFileError(
      `the policy file ${file} cannot be read (${(cause as Error).message}); nothing was published`,
      { cause },
    )
  }
}
