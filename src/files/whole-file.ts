import { chmodSync, closeSync, openSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

export interface WholeFileOptions {
  /** for the eyes of its owner only, also where there is one that others could read. @default false */
  private?: boolean
}

type Write<T> = (draft: string) => Promise<T> | T

/** Drafts under way. */
const drafts = new Set<string>()
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
let made = 0

/**
 * Writes a file that is there whole or not at all: beside the one of that name, whose place it takes at the end. After
 * a failure, or a signal that ends the process, what was there is there as it was, and nothing else.
 * @param write writes what it is given the path of: a draft, there and empty, of the same ending; the path itself where
 * that is a device, or where the directory of a file takes no other one
 */
export async function wholeFile<T>(
  path: string,
  write: Write<T>,
  options: WholeFileOptions = {},
): Promise<T> {
  const there = statSync(path, { throwIfNoEntry: false })
  // a device takes whatever is written to it, and keeps the rights it has
  if (there?.isFile() === false) return write(path)
  // a link stays one
  const target = there === undefined ? path : realpathSync(path)
  const mode = options.private === true ? 0o600 : there && there.mode & 0o777
  const draft = begin(target, there === undefined)
  if (mode !== undefined) chmodSync(draft, mode)
  if (draft === target) return write(target)
  try {
    const result = await write(draft)
    renameSync(draft, target)
    return result
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  } finally {
    end(draft)
  }
}

/** Several files, whole all of them or none. @param paths by what they are to `write` */
export function wholeFiles<Name extends string, T>(
  paths: Readonly<Record<Name, string>>,
  write: (drafts: Record<Name, string>) => Promise<T>,
): Promise<T> {
  const begun: Record<Name, string> = { ...paths }
  let work = () => write(begun)
  for (const name of Object.keys(paths) as Name[]) {
    const inner = work
    work = () =>
      wholeFile(paths[name], (draft) => {
        begun[name] = draft
        return inner()
      })
  }
  return work()
}

/** @returns the target where its directory takes no other file */
function begin(target: string, isNew: boolean): string {
  const draft = join(dirname(target), `.${process.pid}-${made++}.${basename(target).slice(-50)}`)
  try {
    closeSync(openSync(draft, 'wx'))
  } catch (error) {
    if (isNew) throw Object.assign(error as Error, { path: target })
    return target
  }
  if (drafts.size === 0) for (const signal of SIGNALS) process.on(signal, interrupted)
  drafts.add(draft)
  return draft
}

function end(draft: string): void {
  drafts.delete(draft)
  if (drafts.size === 0) for (const signal of SIGNALS) process.off(signal, interrupted)
}

function interrupted(signal: NodeJS.Signals): void {
  for (const draft of drafts) {
    rmSync(draft, { force: true })
    end(draft)
  }
  // it ends as it would have without us
  process.kill(process.pid, signal)
}
