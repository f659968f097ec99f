import { hash } from 'node:crypto'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { refreshLists } from '../lists.js'
import { maskNumber } from '../mask.js'
import { publicUrlOf } from '../public-url.js'
import { Refusal } from '../refusal.js'
import { keyOf } from '../request.js'
import { E164, Fields } from './fields.js'
import type { TwilioRoutes } from './wiring.js'

const Entry = Type.Object({
  sid: Type.String(),
  phone_number: Type.String(),
  url: Type.String(),
})

const notListed = () =>
  new Refusal('not_found', 'The number is not on the safe list. It is written with its plus sign.')

const tags = ['twilio']

/** Twilio's safe list is the allow list of the operators. */
export const safeList: TwilioRoutes = (app, wiring) => {
  const { ledger, clock, publicUrl } = wiring
  const onRequest = wiring.guard('admin')

  const show = (request: FastifyRequest, number: string) => ({
    sid: `GN${hash('sha256', `tollgate safe list ${number}`, 'hex').slice(0, 32)}`,
    phone_number: number,
    url: `${publicUrlOf(request, publicUrl)}/v2/SafeList/Numbers/${number}`,
  })
  const listed = async (number: string) =>
    (await ledger.listEntry('allow', number, clock())) !== null
  const record = async (request: FastifyRequest, action: string, number: string) => {
    const actor = `key:${keyOf(request).id}`
    await ledger.commit([
      {
        table: 'actions',
        row: { at: clock(), actor, action, target: `allow:${maskNumber(number)}`, detail: null },
      },
    ])
    await refreshLists(wiring)
  }

  app.post(
    '/v2/SafeList/Numbers',
    {
      onRequest,
      schema: {
        tags,
        operationId: 'CreateSafelist',
        summary: 'Add a number to the safe list',
        body: Fields({ PhoneNumber: E164 }, { PhoneNumber: '+2348031234567' }),
        refuses: ['safe_list_entry_exists'],
        response: { 201: Entry },
      },
    },
    async (request, reply) => {
      const number = request.body.PhoneNumber
      if (await listed(number)) throw new Refusal('safe_list_entry_exists')
      await ledger.putListEntry({
        list: 'allow',
        entry: number,
        source: `key:${keyOf(request).id}`,
        createdAt: clock(),
        expiresAt: null,
      })
      await record(request, 'list.add', number)
      reply.code(201)
      return show(request, number)
    },
  )

  const params = Type.Object({ PhoneNumber: Type.String({ maxLength: 64 }) })
  app.get(
    '/v2/SafeList/Numbers/:PhoneNumber',
    {
      onRequest,
      schema: {
        tags,
        operationId: 'FetchSafelist',
        summary: 'Is a number on the safe list?',
        params,
        refuses: ['not_found'],
        response: { 200: Entry },
      },
    },
    async (request) => {
      const { PhoneNumber } = request.params
      if (!(await listed(PhoneNumber))) throw notListed()
      return show(request, PhoneNumber)
    },
  )

  app.delete(
    '/v2/SafeList/Numbers/:PhoneNumber',
    {
      onRequest,
      schema: {
        tags,
        operationId: 'DeleteSafelist',
        summary: 'Remove a number',
        params,
        refuses: ['not_found'],
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { PhoneNumber } = request.params
      if (!(await ledger.removeListEntry('allow', PhoneNumber))) throw notListed()
      await record(request, 'list.remove', PhoneNumber)
      return reply.code(204).send(null)
    },
  )
}
