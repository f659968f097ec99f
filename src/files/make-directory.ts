import { mkdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** A directory that cannot be made; says which, and why. */
export class DirectoryError extends Error {
  override readonly name = 'DirectoryError'
}

/**
 * Makes a directory and those it lies in, where they are missing. Node's own `recursive` never ends where a file system
 * answers that there is no such directory as the one that is to be made, as /proc does.
 * @param mode of those that are made @default 0o777
 * @throws DirectoryError
 */
export function makeDirectory(path: string, mode = 0o777): void {
  const directory = resolve(path)
  try {
    make(directory, mode)
  } catch (cause) {
    throw new DirectoryError(`the directory ${directory} cannot be made: ${why(cause)}`, {
      cause,
    })
  }
}

function make(directory: string, mode: number): void {
  if (isDirectory(directory)) return
  const parent = dirname(directory)
  if (parent !== directory) make(parent, mode)
  try {
    mkdirSync(directory, mode)
  } catch (error) {
    // another process was quicker
    if (!isDirectory(directory)) throw error
  }
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return false
    throw error
  }
}

function why(cause: unknown): string {
  const { code, path, message } = cause as NodeJS.ErrnoException
  switch (code) {
    case 'EEXIST':
      return `${path} is no directory`
    case 'ENOENT':
      return `the file system of ${path} takes none`
    case 'EACCES':
    case 'EPERM':
      return `this user may not make ${path}`
    case 'EROFS':
      return `the file system of ${path} can only be read`
    default:
      return message
  }
}
