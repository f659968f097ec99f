import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'

/** Secrets have some hundred bytes, a chain of certificates some thousand; more is the wrong path. */
const LONGEST = 64 * 1024

/** Mounts that only the container itself sees: their files are readable for all in it by default. */
const PRIVATE_MOUNT = /^(\/var)?\/run\/(secrets|credentials)\//

/**
 * A secret kept in a file, as Docker, Kubernetes and systemd hand them out: its text without the line ends that
 * editors and `echo` put behind it. Anything else, spaces too, belongs to the secret.
 * @param where the setting that names the file, for errors and warnings
 * @param warn told when others than the owner may read or change the file. @default process.emitWarning
 * @throws Error when it is missing, unreadable, empty or too long to be a secret; never with what is in it
 */
export function readSecretFile(
  file: string,
  where: string,
  warn: (text: string) => void = (text) => process.emitWarning(text),
): string {
  let text: string
  try {
    // opened once: whose rights are judged is what is read
    const fd = openSync(file, 'r')
    try {
      const { mode, size } = fstatSync(fd)
      if (size > LONGEST)
        throw new Error(`${where}: the file ${file} has ${size} bytes; that is no secret`)
      const loose = looseRights(file, mode)
      if (loose !== null) warn(`${where}: ${loose}`)
      text = readFileSync(fd, 'utf8').replace(/[\r\n]+$/, '')
    } finally {
      closeSync(fd)
    }
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause)) throw cause
    throw new Error(
      `${where}: the file ${file} cannot be read (${reason(cause.code)}). Check its path and rights`,
      { cause },
    )
  }
  if (text.trim() === '') throw new Error(`${where}: the file ${file} is empty`)
  return text
}

const reason = (code: unknown): string =>
  code === 'ENOENT'
    ? 'there is none'
    : code === 'EACCES'
      ? 'this user may not read it'
      : code === 'EISDIR'
        ? 'it is a directory'
        : String(code)

/** What is wrong with the rights of a secret's file; `null` when nothing is. */
function looseRights(file: string, mode: number): string | null {
  if (process.platform === 'win32') return null
  const rights = (mode & 0o777).toString(8).padStart(3, '0')
  if (mode & 0o022) return `others may change ${file} (mode ${rights}); chmod 600 ${file}`
  if (mode & 0o004 && !PRIVATE_MOUNT.test(file))
    return `everybody on this machine may read ${file} (mode ${rights}); chmod 600 ${file}`
  return null
}
