import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A file system of its own, so that a full one is nobody else's. */
export interface SmallDisk {
  readonly path: string
  /** Writes until nothing more goes in. */
  fill(): void
  /** Takes away what filled it. */
  free(): void
  close(): void
}

/** Why there can be none; `null` where there can. */
export const noSmallDisk = (): string | null =>
  process.platform === 'linux' && process.getuid?.() === 0
    ? null
    : 'only root on Linux may mount a small disk'

/** @param mebibytes its size; it lies in memory and takes what is written */
export function openSmallDisk(mebibytes: number): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'tollgate-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=0777`, 'tmpfs', path])
  const ballast = join(path, 'ballast')
  let mounted = true
  const close = () => {
    if (!mounted) return
    mounted = false
    process.off('exit', close)
    // lazily: what still has a file open there keeps it until it ends
    execFileSync('umount', ['--lazy', path])
    rmSync(path, { recursive: true, force: true })
  }
  process.once('exit', close)
  return {
    path,
    fill() {
      const file = openSync(ballast, 'a')
      // ever smaller pieces, until not even one byte goes in
      for (let size = 1 << 20; size >= 1; ) {
        try {
          writeSync(file, Buffer.alloc(size))
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
          size >>= 2
        }
      }
      closeSync(file)
    },
    free: () => rmSync(ballast, { force: true }),
    close,
  }
}
