import { accessSync, constants, realpathSync, type Stats, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { usageFault } from './fault.js'

/** Flags, with the files they name to be written. */
export type Outputs = Readonly<Record<string, string | null | undefined>>

/**
 * Told before the work, which may take long and would be lost: a file that cannot be written, and one that would be written
 * over what is read or over another.
 * @param inputs paths of what is read
 * @param data a directory of which no file is replaced: the ledger is in it, and the keys
 */
export function checkOutputs(
  outputs: Outputs,
  inputs: readonly string[],
  cwd: string,
  data?: string,
): void {
  const used = new Map(inputs.map((path) => [identityOf(resolve(cwd, path)), 'is read']))
  for (const [flag, name] of Object.entries(outputs)) {
    if (name === null || name === undefined) continue
    const path = resolve(cwd, name)
    const there = statOf(path)
    const wrong = (what: string, mend: string) => usageFault(`${flag}: ${name} ${what}`, mend)
    if (there?.isDirectory()) throw wrong('is a directory', 'name a file in it')
    const folder = dirname(path)
    if (!statOf(folder)?.isDirectory())
      throw wrong(
        `cannot be written: there is no directory ${folder}`,
        `make it: mkdir -p ${folder}`,
      )
    if (!writable(there === undefined ? folder : path))
      throw wrong('cannot be written', 'name another file, or have its permissions changed')
    if (
      data !== undefined &&
      there?.isFile() &&
      identityOf(dirname(realpathSync(path))) === identityOf(data)
    )
      throw wrong('is a file of the data directory', 'name another file to write')
    const identity = identityOf(path)
    const use = used.get(identity)
    if (use !== undefined)
      throw wrong(`${use} too, and would be written over`, 'name another file to write')
    // a device takes whatever is written to it
    if (there === undefined || there.isFile()) used.set(identity, `is what ${flag} writes`)
  }
}

/** Told before the work: a directory that can neither be written into nor be made where it is missing. */
export function checkFolders(folders: Outputs, cwd: string): void {
  for (const [flag, name] of Object.entries(folders)) {
    if (name === null || name === undefined) continue
    let there = resolve(cwd, name)
    while (statOf(there) === undefined && dirname(there) !== there) there = dirname(there)
    const wrong = (what: string) => usageFault(`${flag}: ${name} ${what}`, 'name another directory')
    if (!statOf(there)?.isDirectory()) throw wrong(`cannot be made: ${there} is no directory`)
    if (!writable(there)) throw wrong(`cannot be written: this user may not write into ${there}`)
  }
}

const statOf = (path: string): Stats | undefined => {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}

/** The same for every name of a file. */
function identityOf(path: string): string {
  const there = statOf(path)
  return there === undefined ? path : `${there.dev}:${there.ino}`
}

function writable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}
