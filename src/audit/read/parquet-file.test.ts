import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OUTCOME, STATUS } from '../message-log.js'
import { readLogs } from './read-logs.js'

let dir = ''
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'audit-parquet-'))
})
afterAll(() => rmSync(dir, { recursive: true }))

async function parquet(name: string, select: string): Promise<string> {
  const path = join(dir, name)
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(
    `COPY (${select}) TO '${path.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd)`,
  )
  connection.closeSync()
  instance.closeSync()
  return path
}

describe('Parquet', () => {
  it('is read in pieces, whatever the types of its columns', async () => {
    const path = await parquet(
      "it's.parquet",
      `SELECT 'SM' || i AS sid, TIMESTAMP '2026-03-01 10:00:00' + INTERVAL (i) SECOND AS date_sent,
       '+23480312' || lpad(i::VARCHAR, 5, '0') AS "to", CAST(-0.05 AS DECIMAL(9,5)) AS price, 'usd' AS price_unit,
       1::TINYINT AS num_segments, NULL::INTEGER AS error_code, 'delivered' AS status FROM range(5000) t(i)`,
    )
    const result = await readLogs({ paths: [path], now: Date.UTC(2026, 5, 1) })
    expect(result.files).toMatchObject([{ format: 'twilio-messages', rows: 5000 }])
    expect(result.totals).toEqual({ rows: 5000, micro: 250_000_000, unpriced: 0 })
    const { at, number, status } = result.log.columns
    expect(at[4999]).toBe(Date.UTC(2026, 2, 1, 10) + 4999_000)
    expect(number[4999]).toBe(2_348_031_204_999)
    expect(status[0]).toBe(STATUS.delivered)
  })

  it('is read inside structs and with a zone', async () => {
    const path = await parquet(
      'verify.parquet',
      `SELECT 'VL1' AS sid, TIMESTAMPTZ '2026-03-01 11:00:00+01' AS date_created, 'converted' AS conversion_status, 'sms' AS channel,
       {'value': 0.05, 'currency': 'usd'} AS price, {'to': '+2348031234567', 'message_status': 'delivered'} AS channel_data`,
    )
    const { log, files } = await readLogs({ paths: [path], now: Date.UTC(2026, 5, 1) })
    expect(files[0]?.format).toBe('twilio-verify-attempts')
    expect(log.columns.at[0]).toBe(Date.UTC(2026, 2, 1, 10))
    expect(log.columns.priceMicro[0]).toBe(50_000)
    expect(log.columns.outcome[0]).toBe(OUTCOME.verified)
  })

  it('with columns nobody knows ends in a mapping to pass', async () => {
    const path = await parquet(
      'own.parquet',
      "SELECT '+2348031234567' AS recipient, DATE '2026-03-01' AS created, 0.05 AS cost",
    )
    const reading = readLogs({ paths: [path], now: Date.UTC(2026, 5, 1) })
    await expect(reading).rejects.toThrow('--map to=recipient,at=created,price=cost')
  })
})
