import { describe, expect, it } from 'vitest'
import { column, createLogFiles, HEAD, row, rows, skips } from '../../../test/fakes/log-files.js'
import { OUTCOME } from '../message-log.js'

const { fault, file, read } = createLogFiles()

describe('outcomes', () => {
  const log = (): string => file(HEAD + rows(0, 100))
  const at = (i: number, later = 0): string =>
    new Date(Date.UTC(2026, 2, 1) + i * 1000 + later * 1000).toISOString()
  const to = (i: number): string => `+23480312${String(i).padStart(5, '0')}`

  it('join by number within ten minutes after the message', async () => {
    const outcomes = file(
      `phone,verified_at\n${to(3)},${at(3, 30)}\n${to(5)},${at(5, 700)}\n${to(7)},${at(7, 599)}\n+2348031299999,${at(9)}\n`,
    )
    const result = await read(log(), { outcomes })
    const found = column(result, 'outcome')
    expect(result.outcomes).toBe('file')
    expect(found.flatMap((outcome, i) => (outcome === OUTCOME.verified ? [i] : []))).toEqual([3, 7])
    expect(found[4]).toBe(OUTCOME.unverified)
    expect(skips(result)).toEqual({ outcomes_unmatched: 2 })
  })

  it('credit the last of several messages, and leave what they do not cover unknown', async () => {
    const messages = [0, 60, 120, 7200].map((second, i) =>
      row(1, { sid: `SM${i}`, at: at(0, second) }),
    )
    const result = await read(file(HEAD + messages.join('')), {
      outcomes: file(`to,at\n${to(1)},${at(0, 100)}\n`),
    })
    expect(column(result, 'outcome')).toEqual([
      OUTCOME.unverified,
      OUTCOME.verified,
      // after the last outcome nothing is known
      OUTCOME.unknown,
      OUTCOME.unknown,
    ])
  })

  it('join by id, with words for them', async () => {
    const id = (i: number): string => `SM${String(i).padStart(32, '0')}`
    const outcomes = file(
      `{"id":"${id(3)}","verified":true}\n{"id":"${id(4)}","verified":false}\n{"id":"${id(8)}","verified":true}\n`,
      'outcomes.ndjson',
    )
    const found = column(await read(log(), { outcomes }), 'outcome')
    expect(found[3]).toBe(OUTCOME.verified)
    expect(found[4]).toBe(OUTCOME.unverified)
    expect(found[8]).toBe(OUTCOME.verified)
    expect(found[99]).toBe(OUTCOME.unknown)
  })

  it('join masked messages by what is left of their numbers', async () => {
    const masked = file(
      `at,to,price\n2026-03-01 10:00:00,+23480312XXXX,1\n2026-03-01 10:00:00,+23480399XXXX,1\n`,
    )
    const outcomes = file('to,at\n+234803121234,2026-03-01 10:00:20\n')
    expect(column(await read(masked, { outcomes }), 'outcome')[0]).toBe(OUTCOME.verified)
  })

  it('that meet nothing, or have nothing to join by, are refused', async () => {
    const other = file(`to,at\n${to(1)},2025-01-01T00:00:00Z\n`)
    const message = await fault(read(log(), { outcomes: other }))
    expect(message).toContain('none of its 1 outcomes meets a message')
    expect(message).toContain('messages are of 2026-03-01T00:00:00.000Z')
    expect(await fault(read(log(), { outcomes: file('name,city\nAda,Lagos\n') }))).toContain(
      '--outcomes: ',
    )
  })
})
