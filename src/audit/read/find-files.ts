import { realpath, stat } from 'node:fs/promises'
import { glob, isDynamicPattern } from 'tinyglobby'
import { LogError } from './log-error.js'

/** More files than anybody means to name. */
const MOST_FILES = 100_000

/** Files that paths and globs name, each once, in order. @throws LogError where there is none */
export async function findFiles(paths: readonly string[], what: string): Promise<string[]> {
  const found = new Map<string, string>()
  for (const path of paths) {
    const matches = await filesOf(path)
    if (matches.length === 0)
      throw new LogError(
        `${what}: ${isDynamicPattern(path) ? 'no file matches' : 'there is no file'} ${path}`,
      )
    for (const match of matches) {
      const real = await realpath(match)
      if (!found.has(real)) found.set(real, match)
    }
    if (found.size > MOST_FILES) throw new LogError(`${what}: more than ${MOST_FILES} files match`)
  }
  return [...found.values()]
}

async function filesOf(path: string): Promise<string[]> {
  const kind = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
    throw new LogError(`${path}: cannot be opened (${error.code ?? error.message})`, {
      cause: error,
    })
  })
  if (kind?.isFile()) return [path]
  if (kind?.isDirectory())
    throw new LogError(`${path}: is a directory; name its files, as in ${path}/*.csv`)
  if (kind !== null)
    throw new LogError(
      `${path}: is a pipe or a device; logs are read twice, so write it to a file first`,
    )
  if (!isDynamicPattern(path)) return []
  return (await glob(path, { absolute: false, onlyFiles: true, expandDirectories: false })).sort()
}
