import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import multipart from '@fastify/multipart'
import { Type } from '@sinclair/typebox'
import { recorder } from '../../desk/access/record.js'
import { capsOf } from '../../desk/alert/observe.js'
import { checkInvoice } from '../../desk/reports/check-invoice.js'
import { monthOf } from '../../desk/reports/local-day.js'
import { forecastOfMonth, monthsWithTraffic } from '../../desk/reports/month-ahead.js'
import { successCosts } from '../../desk/reports/success-costs.js'
import { actorOf } from '../access.js'
import { invalid, Refusal } from '../refusal.js'
import type { App } from '../wiring.js'
import type { InvoiceView, MoneyView } from './money-view.js'
import type { ConsoleRoutes, ConsoleWiring } from './routes.js'

const Month = Type.String({ pattern: '^20[0-9]{2}-(0[1-9]|1[0-2])$' })
/** Bytes of an upload, and of what it unpacks to. */
const MOST_BYTES = 50 * 1024 * 1024
const MOST_UNPACKED = 200 * 1024 * 1024

/** What was spent, what came of it, and what the provider says about it. */
export const money: ConsoleRoutes = (app, wiring) => {
  const { desk, allow, clock } = wiring

  app.get(
    '/v1/console/money',
    {
      onRequest: allow('viewer'),
      schema: {
        hide: true,
        querystring: Type.Object({ month: Type.Optional(Month) }, { additionalProperties: false }),
      },
    },
    async (request): Promise<MoneyView> => {
      const now = clock()
      const month = request.query.month ?? monthOf(now)
      const [of, months, ahead, caps] = await Promise.all([
        desk.reports.money(month),
        monthsWithTraffic(desk.ledger, now),
        forecastOfMonth(desk.ledger, now),
        capsOf(desk, now),
      ])
      const isNow = month === monthOf(now)
      return {
        ...of,
        months: [...new Set([monthOf(now), ...months])],
        forecast: isNow ? ahead : null,
        caps: caps.map((cap) => ({
          ...cap,
          // what one service or country will use of it is its share of what all will
          forecastMicroUsd:
            cap.period !== 'month' || ahead === null || of.totals.spendMicroUsd === 0 || !isNow
              ? null
              : (cap.usedMicroUsd / of.totals.spendMicroUsd) * ahead.likely,
        })),
        costs: successCosts(of.totals, desk.deployment.rates ?? {}),
      }
    },
  )

  app.register(async (upload: App) => {
    await upload.register(multipart, {
      limits: { fileSize: MOST_BYTES, files: 1, fields: 0, parts: 1, headerPairs: 50 },
    })
    invoices(upload, wiring)
  })
}

function invoices(app: App, { desk, allow, clock }: ConsoleWiring): void {
  const record = recorder(desk.ledger, clock)
  /** one at a time: it is work for this process, which has codes to send */
  let busy = false

  app.post(
    '/v1/console/money/invoice',
    {
      onRequest: allow('analyst'),
      bodyLimit: MOST_BYTES + 10_000,
      schema: {
        hide: true,
        querystring: Type.Object(
          { map: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })) },
          { additionalProperties: false },
        ),
      },
    },
    async (request): Promise<InvoiceView> => {
      if (busy)
        throw new Refusal('overloaded', 'Another invoice is being compared; try again soon.')
      busy = true
      const folder = await mkdtemp(join(tmpdir(), 'tollgate-invoice-')).catch((error: unknown) => {
        busy = false
        throw error
      })
      try {
        const part = await request.file().catch(unreadable)
        if (part === undefined) throw invalid('/file', 'is missing', 'send one file')
        const packed = part.filename.endsWith('.gz')
        const name = part.filename.replace(/\.gz$/, '')
        // its own name is a stranger's text; only its ending says something
        const ending = /\.(csv|tsv|txt|json|ndjson|jsonl)$/i.exec(name)?.[0] ?? '.csv'
        const file = join(folder, `invoice${ending}`)
        const unpacked = [...(packed ? [createGunzip()] : []), atMost(MOST_UNPACKED)]
        // the first of them too: an upload that broke off is over before it is read, and a pipe from it never ends
        await pipeline([part.file, ...unpacked, createWriteStream(file)]).catch(unreadable)
        if (part.file.truncated)
          throw new Refusal('body_too_large', 'An invoice has at most 50 MB.')
        const { map } = request.query
        const checked = await checkInvoice(desk.ledger, {
          ...{ file, name: name.slice(0, 100), now: clock() },
          ...(map !== undefined && { map }),
        })
        const { billed, neverSent } = checked.result
        const detail = { messages: billed.messages, neverSent: neverSent.messages }
        const actor = actorOf(request).id
        await record({ actor, action: 'invoice.check', target: 'invoice', detail })
        return { ...checked, file: name.slice(0, 100) }
      } catch (error) {
        if (error instanceof Error && error.name === 'LogError')
          throw invalid(
            '/file',
            error.message.replaceAll(`${folder}/`, '').replace('--map ', 'columns '),
          )
        throw error
      } finally {
        busy = false
        await rm(folder, { recursive: true, force: true })
      }
    },
  )
}

/** What is wrong with an upload is the sender's; what is wrong with our own disk, and what has a status, is not. */
function unreadable(error: unknown): never {
  const { code, syscall, statusCode } = error as NodeJS.ErrnoException & { statusCode?: number }
  if (code?.startsWith('Z_') === true) throw invalid('/file', 'is not packed as its name says')
  if (error instanceof Refusal || syscall !== undefined || statusCode !== undefined) throw error
  throw invalid('/file', 'did not come whole', 'send one file as multipart/form-data')
}

/** Ends in an error when more comes than there may. */
function atMost(bytes: number): Transform {
  let seen = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length
      done(
        seen > bytes
          ? new Refusal('body_too_large', 'An invoice unpacks to at most 200 MB.')
          : null,
        chunk,
      )
    },
  })
}
