import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs'

/** What must outlive a crash as a whole, for the eyes of its owner only: on disk before it has its name. */
function onDisk(file: string, text: string): string {
  const draft = `${file}.${process.pid}.new`
  const handle = openSync(draft, 'w', 0o600)
  try {
    writeSync(handle, text)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  return draft
}

/** Puts a file of secrets in place of the one that is there: a crash leaves the old one or the new one. */
export const replaceSecrets = (file: string, text: string): void =>
  renameSync(onDisk(file, text), file)

/** Makes a file of secrets where there is none. Of two that start together one makes it, and both read it. */
export function makeSecrets(file: string, text: () => string): void {
  if (existsSync(file)) return
  const draft = onDisk(file, text())
  try {
    linkSync(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    unlinkSync(draft)
  }
}
