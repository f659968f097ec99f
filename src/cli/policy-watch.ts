import { stat } from 'node:fs/promises'
import type { Ledger } from '../ledger/port.js'
import type { Gate } from '../verify/types.js'
import { CliFault } from './fault.js'
import { readPolicy } from './policy-file.js'

export interface PolicyWatch {
  /** Looks whether the file has changed since it was read last. */
  poll(): Promise<void>
  /** Reads it now, changed or not. */
  reload(): Promise<void>
}

export interface PolicyWatchOptions {
  file: string
  /** text the gate was started with */
  text: string
  gate: Gate
  ledger: Ledger
  /** Unix ms */
  clock: () => number
  /** told of every reload */
  report: (event: { ok: true; version: number } | { ok: false; problems: string }) => void
}

/** Puts changes of the policy file in force. A file with an error is reported, and what was in force stays. */
export function watchPolicy(options: PolicyWatchOptions): PolicyWatch {
  const { file, gate, ledger, clock, report } = options
  let inForce = options.text
  let seen: string | null = null

  /** Time, size and inode: an editor replaces the file, and two writes can fall into one tick of its clock. */
  async function mark(): Promise<string> {
    try {
      const { mtimeMs, size, ino } = await stat(file)
      return `${mtimeMs}/${size}/${ino}`
    } catch (error) {
      // an editor that writes beside and renames leaves a moment without a file
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'gone'
      throw error
    }
  }

  async function reload(): Promise<void> {
    seen = await mark()
    try {
      const { policy, text } = readPolicy(file)
      if (text === inForce) return
      // what the console publishes is a version before it is in the file
      const newest = await ledger.policy()
      const published = newest !== null && newest.yaml === text
      const version = published
        ? newest.version
        : await ledger.putPolicy({ at: clock(), by: 'file', yaml: text, note: null })
      inForce = text
      if (published && gate.policy.version === version) return
      gate.setPolicy(policy, version)
      report({ ok: true, version })
    } catch (error) {
      if (!(error instanceof CliFault)) {
        // what the ledger did not take is read again by the next poll
        seen = ''
        throw error
      }
      report({ ok: false, problems: error.message })
    }
  }

  return {
    reload,
    async poll() {
      const now = await mark()
      if (seen === null) seen = now
      if (now === seen || now === 'gone') return
      await reload()
    },
  }
}
