import { type Static, Type } from '@sinclair/typebox'
import type { RequestFilter } from '../../ledger/port.js'
import { CONVERTED, type RequestRow, type SendRow, WENT_OUT } from '../../ledger/rows.js'
import { idOfSid, sidOf } from '../ids.js'
import { publicUrlOf } from '../public-url.js'
import { invalid, Refusal } from '../refusal.js'
import { keyOf } from '../request.js'
import { strings } from '../schema.js'
import { E164, Fields, iso, PageFields, time } from './fields.js'
import { Meta, meta, pageSize } from './page.js'
import type { TwilioRoutes } from './wiring.js'

/** Credit states of a request whose message was handed to a provider. */
const UNCONVERTED = WENT_OUT.filter((credit) => !CONVERTED.includes(credit))

/** Rows that are read for one page: whole ledgers may hold nothing but decisions. */
const ROWS_A_TURN = 250
const MOST_TURNS = 20

const CONVERSION = ['converted', 'unconverted'] as const
const text = () => Type.Unsafe<string | null>({ type: ['string', 'null'] })
const Attempt = Type.Object({
  sid: Type.String(),
  account_sid: Type.String(),
  service_sid: Type.String(),
  verification_sid: Type.String(),
  date_created: Type.String(),
  date_updated: Type.String(),
  conversion_status: strings(CONVERSION),
  channel: strings(['sms']),
  price: Type.Object({ value: Type.String(), currency: Type.String() }),
  channel_data: Type.Object({
    verification_sid: Type.String(),
    to: Type.String(),
    status: Type.String(),
    message_status: text(),
    error_code: text(),
    country: Type.String(),
    carrier: text(),
    mcc: Type.Null(),
    mnc: Type.Null(),
    code_length: Type.Null(),
    locale: Type.Null(),
  }),
  url: Type.String(),
})

const Filters = {
  DateCreatedAfter: Type.Optional(Type.String({ maxLength: 40 })),
  DateCreatedBefore: Type.Optional(Type.String({ maxLength: 40 })),
  Country: Type.Optional(Type.String({ pattern: '^[A-Z]{2}$' })),
  Channel: Type.Optional(strings(['sms', 'call', 'email', 'whatsapp', 'rbm'])),
  VerifyServiceSid: Type.Optional(Type.String({ maxLength: 64 })),
}

const MESSAGE_STATUS: Record<SendRow['status'], string> = {
  pending: 'queued',
  accepted: 'sent',
  delivered: 'delivered',
  failed: 'undelivered',
  unknown: 'sent',
}

const tags = ['twilio']

/** Every message that went out for a verification, and whether its code came back. */
export const attempts: TwilioRoutes = (app, { ledger, guard, directory, publicUrl }) => {
  const onRequest = guard('admin')

  /** The filters that list and summary share; `null` when nothing can match. */
  async function filterOf(
    query: {
      [name in keyof typeof Filters]?: Static<(typeof Filters)[name]> | undefined
    },
  ): Promise<Omit<RequestFilter, 'limit'> | null> {
    const { DateCreatedAfter: after, DateCreatedBefore: before } = query
    if (query.Channel !== undefined && query.Channel !== 'sms') return null
    const service =
      query.VerifyServiceSid === undefined
        ? undefined
        : await directory.service(query.VerifyServiceSid)
    return {
      ...(after !== undefined && { from: time('DateCreatedAfter', after) }),
      ...(before !== undefined && { to: time('DateCreatedBefore', before) }),
      ...(query.Country !== undefined && { country: query.Country }),
      ...(service !== undefined && { service: service.name }),
    }
  }

  async function show(
    row: RequestRow,
    send: SendRow | undefined,
    { accountSid, origin }: { accountSid: string; origin: string },
  ) {
    const id = row.verificationId ?? ''
    const converted = CONVERTED.includes(row.credit)
    const sid = sidOf('VL', row.id)
    const verificationSid = sidOf('VE', id)
    return {
      sid,
      account_sid: accountSid,
      service_sid: await directory.sidOf(row.service),
      verification_sid: verificationSid,
      date_created: iso(row.at),
      date_updated: iso(Math.max(row.at, row.settledAt ?? 0, send?.updatedAt ?? 0)),
      conversion_status: converted ? ('converted' as const) : ('unconverted' as const),
      channel: 'sms' as const,
      price: { value: String((send?.priceMicroUsd ?? row.priceMicroUsd) / 1e6), currency: 'usd' },
      channel_data: {
        verification_sid: verificationSid,
        to: row.number,
        status: converted ? 'confirmed' : row.credit === 'lost' ? 'expired' : 'unconfirmed',
        message_status: send ? MESSAGE_STATUS[send.status] : null,
        error_code: send?.error ?? null,
        country: row.country,
        carrier: row.operator.split('/')[1] ?? null,
        mcc: null,
        mnc: null,
        code_length: null,
        locale: null,
      },
      url: `${origin}/v2/Attempts/${sid}`,
    }
  }

  app.get(
    '/v2/Attempts',
    {
      onRequest,
      schema: {
        tags,
        operationId: 'ListVerificationAttempt',
        summary: 'List attempts, newest first',
        querystring: Fields({
          ...PageFields,
          ...Filters,
          'ChannelData.To': Type.Optional(E164),
          VerificationSid: Type.Optional(Type.String({ maxLength: 64 })),
          Status: Type.Optional(strings(CONVERSION)),
        }),
        refuses: ['not_found'],
        response: { 200: Type.Object({ attempts: Type.Array(Attempt), meta: Meta }) },
      },
    },
    async (request) => {
      const { query } = request
      const origin = publicUrlOf(request, publicUrl)
      const size = pageSize(query)
      const { Status: status, VerificationSid: sid, 'ChannelData.To': to } = query
      const verificationId = sid === undefined ? undefined : idOfSid('VE', sid)
      if (verificationId === null)
        throw invalid('query/VerificationSid', 'is not a verification SID')
      const shared = await filterOf(query)
      const filter = shared && {
        ...shared,
        ...(to !== undefined && { number: to }),
        ...(verificationId !== undefined && { verificationId }),
        credit:
          status === 'converted'
            ? [...CONVERTED]
            : status === 'unconverted'
              ? UNCONVERTED
              : [...WENT_OUT],
      }
      const found: (RequestRow & { seq: number })[] = []
      let before = query.PageToken === undefined ? undefined : Number(query.PageToken)
      let more = filter !== null
      const limit = Math.max(size, ROWS_A_TURN)
      // Decisions made for other senders are between them: read on until the page is full, or long enough.
      for (let turn = 0; turn < MOST_TURNS && filter && more && found.length < size; turn++) {
        const rows = await ledger.requests({
          ...filter,
          limit,
          ...(before !== undefined && { before }),
        })
        found.push(...rows.filter((row) => row.verificationId !== null))
        more = rows.length === limit
        before = rows.at(-1)?.seq ?? before
      }
      const page = found.slice(0, size)
      const full = page.length === size
      const last = full ? page.at(-1)?.seq : before
      const { accountSid } = keyOf(request)
      const sends = await ledger.sendsOf(page.map(({ id }) => id))
      return {
        attempts: await Promise.all(
          page.map((row) => show(row, sends.get(row.id), { accountSid, origin })),
        ),
        meta: meta({
          key: 'attempts',
          base: `${origin}/v2/Attempts`,
          query,
          next: more || found.length > size ? String(last ?? '') || null : null,
        }),
      }
    },
  )

  app.get(
    '/v2/Attempts/Summary',
    {
      onRequest,
      schema: {
        tags,
        operationId: 'FetchVerificationAttemptsSummary',
        summary: 'Count attempts and conversions',
        querystring: Fields({
          ...Filters,
          DestinationPrefix: Type.Optional(
            Type.String({ pattern: '^\\+?[1-9][0-9]{0,14}$', description: 'leading digits' }),
          ),
        }),
        refuses: ['not_found'],
        response: {
          200: Type.Object({
            total_attempts: Type.Integer(),
            total_converted: Type.Integer(),
            total_unconverted: Type.Integer(),
            conversion_rate_percentage: Type.String(),
            url: Type.String(),
          }),
        },
      },
    },
    async (request) => {
      const { DestinationPrefix: prefix } = request.query
      const filter = await filterOf(request.query)
      const { total, converted } = filter
        ? await ledger.conversion({
            ...filter,
            ...(prefix !== undefined && { prefix: prefix.startsWith('+') ? prefix : `+${prefix}` }),
          })
        : { total: 0, converted: 0 }
      return {
        total_attempts: total,
        total_converted: converted,
        total_unconverted: total - converted,
        conversion_rate_percentage: total === 0 ? '0' : String((100 * converted) / total),
        url: `${publicUrlOf(request, publicUrl)}/v2/Attempts/Summary`,
      }
    },
  )

  app.get(
    '/v2/Attempts/:Sid',
    {
      onRequest,
      schema: {
        tags,
        operationId: 'FetchVerificationAttempt',
        summary: 'Fetch an attempt',
        params: Type.Object({ Sid: Type.String({ maxLength: 64 }) }),
        refuses: ['not_found'],
        response: { 200: Attempt },
      },
    },
    async (request) => {
      const id = idOfSid('VL', request.params.Sid)
      const row = id === null ? null : await ledger.request(id)
      if (!row || row.verificationId === null || row.credit === 'none')
        throw new Refusal('not_found', 'There is no attempt of this SID.')
      const send = (await ledger.sendsOf([row.id])).get(row.id)
      const { accountSid } = keyOf(request)
      return show(row, send, { accountSid, origin: publicUrlOf(request, publicUrl) })
    },
  )
}
