import { expect, it } from 'vitest'
import { aRequest, T0 } from '../../../test/conformance/ledger-rows.js'
import { HOUR } from '../../engine/units.js'
import { memoryLedger } from '../../ledger/memory/memory.js'
import type { DeskParts } from '../parts.js'
import { createReview } from './review.js'

it('an answer that was begun and never ended is over with the time of its request', async () => {
  let now = T0
  const clock = () => now
  const ledger = memoryLedger({ numbers: 'clear', clock })
  const service = () => ({ policy: { review: { expiresMs: HOUR } } })
  const review = createReview({
    ledger,
    clock,
    gate: { policy: { service } },
  } as unknown as DeskParts)
  const request = aRequest('dec_1', { verdict: 'hold', kind: 'decision' })
  // the process died between the claim and what came of it
  const body = { answer: 'approve', state: 'deciding', decisionId: null }
  const row = { kind: 'review', id: request.id, parent: '', at: T0, expiresAt: null, body }
  await ledger.putDocument(row, 0)
  expect(await review.outcomeOf(request)).toMatchObject({ state: 'waiting' })
  now = request.at + HOUR
  expect(await review.outcomeOf(request)).toMatchObject({ state: 'expired' })
})
