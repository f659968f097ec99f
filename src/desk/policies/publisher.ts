import { createTurns } from '../../cluster/turns.js'
import type { PolicyRow } from '../../ledger/rows.js'
import { type Difference, diffPolicies } from '../../policy/diff.js'
import { type LoadedPolicy, loadPolicy } from '../../policy/load.js'
import type { PolicyError } from '../../policy/problem.js'
import { rebase } from '../../policy/rebase.js'
import type { Backtest } from '../backtest/backtest.js'
import type { DeskParts } from '../parts.js'
import { createConfirmation, type Impact, impactOf, warningOf } from './guard.js'
import { PolicyFileError, stage, textOf } from './policy-file.js'
import { editableText, loadedOf } from './policy-text.js'

export interface Publication {
  text: string
  /** version that the editor began from */
  base: number
  /** why; kept with the version */
  note: string
  actor: { id: string; name: string }
  /** what was typed under a warning */
  confirmation?: string
}

export type Published =
  | { ok: true; version: number }
  | { ok: false; why: 'invalid'; errors: PolicyError[] }
  | { ok: false; why: 'unchanged' }
  /** somebody else published meanwhile */
  | {
      ok: false
      why: 'conflict'
      theirs: PolicyRow
      /** what they changed since the version the editor began from */
      changed: Difference[]
      /** their version with the editor's changes; `null`: to be put together by hand */
      merged: string | null
      /** settings that both changed */
      overlaps: string[]
    }
  | { ok: false; why: 'warning'; warning: string; impact: Impact; phrase: string }
  /** the policy file cannot be written */
  | { ok: false; why: 'file'; message: string }

/** Versions of the policy: checked, published, rolled back. */
export function createPublisher(parts: DeskParts, { backtest }: { backtest: Backtest }) {
  const { ledger, gate, clock, live, deployment, random } = parts
  const confirmation = createConfirmation(parts.deskKey)
  const turns = createTurns({ leases: ledger, holder: random(12).toString('hex') })
  // one after the other here: the backtest of one must not slow the other
  let turn: Promise<unknown> = Promise.resolve()

  async function impact(policy: LoadedPolicy): Promise<{ impact: Impact; warning: string | null }> {
    const result = await backtest.recent(policy.policy)
    const found = impactOf(result)
    return { impact: found, warning: warningOf(found, result.current.verified) }
  }

  async function conflict(
    { text, base }: Publication,
    theirs: PolicyRow,
  ): Promise<Published & { why: 'conflict' }> {
    const baseText = editableText(await ledger.policy(base))
    const theirText = editableText(theirs)
    const [before, after] = [loadedOf(baseText, base), loadedOf(theirText, theirs.version)]
    const merged =
      baseText === null || theirText === null
        ? { text: null, overlaps: [] }
        : rebase(baseText, text, theirText)
    return {
      ok: false,
      why: 'conflict',
      theirs,
      changed: before === null || after === null ? [] : diffPolicies(before, after),
      merged: merged.text,
      overlaps: merged.overlaps,
    }
  }

  async function publishAlone(publication: Publication): Promise<Published> {
    const { text, base, note, actor } = publication
    const loaded = loadPolicy(text)
    if (!loaded.ok) return { ok: false, why: 'invalid', errors: loaded.errors }
    const newest = await ledger.policy()
    if (newest !== null && newest.version !== base) return conflict(publication, newest)
    if (newest !== null && newest.yaml === text) return { ok: false, why: 'unchanged' }
    try {
      const edited = newest === null ? null : await editedByHand(newest.yaml)
      if (edited !== null) return { ok: false, why: 'file', message: edited }
      if (!confirmation.matches(publication.confirmation, text, base)) {
        const { impact: found, warning } = await impact(loaded)
        if (warning !== null) {
          const phrase = confirmation.phrase(text, base)
          return { ok: false, why: 'warning', warning, impact: found, phrase }
        }
      }
      // while it was tried on recorded traffic somebody may have published, at another gateway too
      return await turns.take('policy', async (): Promise<Published> => {
        const now = await ledger.policy()
        if (now !== null && now.version !== base) return conflict(publication, now)
        const version = await put(text, loaded, { note, by: actor.id })
        await record(actor, 'policy.publish', version, note)
        return { ok: true, version }
      })
    } catch (error) {
      if (!(error instanceof PolicyFileError)) throw error
      return { ok: false, why: 'file', message: error.message }
    }
  }

  /** Somebody has the file open in an editor of his own: what he wrote is not overwritten. */
  async function editedByHand(inForce: string): Promise<string | null> {
    const { policyFile } = deployment
    if (policyFile === null) return null
    const there = await textOf(policyFile)
    if (there === null || there === inForce) return null
    return loadPolicy(there).ok
      ? `the policy file ${policyFile} was changed by hand a moment ago and is about to be read; nothing was published. Wait some seconds and look at the new version.`
      : `the policy file ${policyFile} was changed by hand and has errors, so that it is not in force; nothing was published. Mend or restore the file first.`
  }

  /** The file is written beside first, the ledger second, the file put in its place last: each can still be undone. */
  async function put(
    text: string,
    { policy }: LoadedPolicy,
    { note, by }: { note: string; by: string },
  ): Promise<number> {
    const { policyFile } = deployment
    const staged =
      policyFile === null ? null : await stage(policyFile, text, random(6).toString('hex'))
    let version: number
    try {
      version = await ledger.putPolicy({ at: clock(), by, yaml: text, note })
    } catch (error) {
      await staged?.discard()
      throw error
    }
    try {
      await staged?.commit()
    } catch (error) {
      // the version is in the ledger for good: the one before becomes the newest again
      const before = await ledger.policy(version - 1)
      if (before !== null)
        await ledger.putPolicy({
          at: clock(),
          by: before.by,
          yaml: before.yaml,
          note: `version ${version} could not be written to the policy file`,
        })
      throw error
    }
    gate.setPolicy(policy, version)
    return version
  }

  async function record(
    actor: { id: string; name: string },
    action: string,
    version: number,
    note: string,
  ): Promise<void> {
    const row = {
      at: clock(),
      actor: actor.id,
      action,
      target: `policy:${version}`,
      detail: { note },
    }
    await ledger.commit([{ table: 'actions', row }])
    live.emit('policy', { version, by: actor.name })
  }

  function publish(publication: Publication): Promise<Published> {
    const mine = turn.then(() => publishAlone(publication))
    turn = mine.catch(() => undefined)
    return mine
  }

  return {
    publish,

    /**
     * Publishes an old version anew.
     * @returns `null` when there is no such version, or no text of it
     */
    async rollBack(
      version: number,
      publication: Omit<Publication, 'text'>,
    ): Promise<Published | null> {
      const row = await ledger.policy(version)
      const text = row === null ? null : editableText(row)
      if (text === null) return null
      return publish({ ...publication, text })
    },

    /** What the last requests would have met under a policy, before anybody publishes it. */
    impact,
  }
}
