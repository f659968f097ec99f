import { SECOND } from '../engine/units.js'
import type { SendRow } from '../ledger/rows.js'
import type { Receipt } from '../send/port.js'
import type { EarlyReceipt, Life } from './context.js'
import { settle } from './credit.js'

/**
 * A provider may tell of a message before its own answer, with the id in it, is recorded here; posting once more it
 * would not, for it was told that all is well. So that what is not known is looked for again after these, ms.
 */
const AGAIN_MS = [SECOND, 3 * SECOND, 10 * SECOND]
/** Of more, the latest are not looked for again: whoever tells of so many others' messages tells of nothing else. */
const MOST_EARLY = 1_000

/**
 * Receipts of a provider's webhook, which come in any order and more than once. Delivered is final: whatever failed
 * before it or is told after it, the message was there, is billed, and counts until its code is entered.
 * @returns how many were of messages sent here
 */
export async function receive(
  life: Life,
  provider: string,
  receipts: readonly Receipt[],
): Promise<number> {
  let known = 0
  for (const receipt of receipts) {
    if (await heed(life, provider, receipt)) known++
    else lookLater(life, { provider, receipt, looked: 0, nextAt: 0 })
  }
  await life.ledger.commit()
  return known
}

/** Looks once more for the messages of receipts that came too early. */
export async function receiveEarly(life: Life): Promise<void> {
  const now = life.clock()
  const due = life.early.filter(({ nextAt }) => nextAt <= now)
  for (const one of due) {
    const known = await heed(life, one.provider, one.receipt)
    life.early.splice(life.early.indexOf(one), 1)
    if (!known) lookLater(life, { ...one, looked: one.looked + 1 })
  }
  if (due.length > 0) await life.ledger.commit()
}

function lookLater({ early, clock }: Life, one: EarlyReceipt): void {
  const wait = AGAIN_MS[one.looked]
  if (wait !== undefined && early.length < MOST_EARLY)
    early.push({ ...one, nextAt: clock() + wait })
}

/** @returns `false` when there is no such message */
async function heed(life: Life, provider: string, receipt: Receipt): Promise<boolean> {
  const { at, status, error, providerCode } = receipt
  let send = await find(life, provider, receipt)
  if (send === null) return false
  // the same again: whoever repeats what was signed once must not fill the ledger
  if (send.status !== status || send.error !== error)
    life.ledger.append([
      { table: 'receipts', row: { sendId: send.id, at, status, error, providerCode } },
    ])
  if (status === 'sent') return true
  // what another gateway is told meanwhile is weighed anew; each time it is nearer to 'delivered'
  while (send !== null && !(await take(life, provider, send, { ...receipt, status })))
    send = await life.ledger.send(send.id)
  return true
}

/**
 * By the provider's id of it, or by what we called it where its answer with the id was lost. Of what is under way
 * nobody knows yet who takes it.
 */
async function find(
  { ledger }: Life,
  provider: string,
  { providerId, reference }: Receipt,
): Promise<SendRow | null> {
  const known = providerId === null ? null : await ledger.sendByProvider(provider, providerId)
  if (known !== null || reference === undefined) return known
  const named = await ledger.send(reference)
  return named?.provider === provider || named?.status === 'unknown' ? named : null
}

/**
 * The credit of a failure moves before the message's state, and whoever finds the message delivered afterwards moves it
 * back: so it ends alike in every order, and where the work is cut short the same receipt does the rest when it is told again.
 * @returns `false` when the message has changed meanwhile
 */
async function take(
  life: Life,
  provider: string,
  send: SendRow,
  { status, error, at, providerId }: Receipt & { status: 'delivered' | 'failed' },
): Promise<boolean> {
  const before = send.status
  if (before === 'failed' && status === 'failed') return true
  if (before !== 'delivered') {
    if (status === 'failed')
      await settle(life, send.requestId, 'failed', life.clock(), error ?? 'failed')
    const who = before === 'unknown' ? { provider, providerId } : {}
    const patch = { status, error, updatedAt: at, ...who }
    if (!(await life.ledger.updateSend(send.id, patch, [before]))) return false
  }
  if (before === 'delivered' || before === 'failed')
    await settle(life, send.requestId, 'delivered', life.clock(), 'told after a failure')
  return true
}
