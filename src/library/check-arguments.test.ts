import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as tollgate from '../index.js'

/** As it is for callers without types. */
type Untyped = Record<string, (...args: unknown[]) => unknown>

let gate: tollgate.LocalGate
beforeAll(async () => {
  gate = await tollgate.createGate({ upkeep: false, send: async () => 'sent' })
})
afterAll(() => gate.close())
const methods = () => gate as unknown as Untyped

const SOLUTION = { type: 'pow', solution: 'x' }

describe('a wrong argument is told by its name, and what to give', () => {
  test.each<[string, unknown[], string]>([
    ['solve', ['ver_x'], 'solution is missing: give an object'],
    ['solve', ['ver_x', null], 'solution is of type null: give an object'],
    ['solve', ['ver_x', { type: 'pow' }], 'solution.solution is missing: give a string'],
    ['solve', [undefined, SOLUTION], 'id is missing: give a string'],
    ['solve', ['ver_x', SOLUTION, {}], 'patience.seeThrough is missing: give a function'],
    ['check', [], 'id is missing'],
    ['check', ['ver_x'], 'code is missing: give a string'],
    ['check', ['ver_x', 123456], 'code is of type number: give a string'],
    ['resend', ['ver_x', 'now'], 'options is of type string: give an object, or leave it out'],
    [
      'resend',
      ['ver_x', { code: 1234 }],
      'options.code is of type number: give a string, or leave',
    ],
    ['get', [], 'id is missing'],
    ['cancel', [5], 'id is of type number'],
    ['approve', [null], 'id is of type null'],
    ['review', ['ver_x'], 'answer is missing: give a string'],
    ['review', ['ver_x', 'yes'], 'answer is "yes": give approve or refuse'],
    ['find', ['signup'], 'to is missing'],
    ['report', [], 'outcomes is missing: give a list'],
    ['report', [{ id: 'x', kind: 'sent' }], 'outcomes is of type object: give a list'],
    ['report', [[null]], 'outcomes[0] is of type null: give an object'],
    ['receive', ['twilio'], 'receipts is missing: give a list'],
    ['receipts', ['twilio'], 'request is missing: give an object'],
    ['rangeLines', ['signup', null], 'path is of type null'],
  ])('gate.%s(%j)', async (name, args, told) => {
    const answer = methods()[name]?.(...args)
    await expect(answer).rejects.toThrow(TypeError)
    await expect(answer).rejects.toThrow(`gate.${name}: ${told}`)
  })

  test.each<[string, unknown[], string]>([
    ['parseNumber', [], 'input is missing: give a string'],
    ['parseNumber', [2348031234567], 'input is of type number: give a string'],
    ['sourceFacts', [5], 'ip is of type number: give a string, or null'],
    ['renameIncident', ['a'], 'to is missing'],
    ['setLists', [], 'lists is missing: give an object'],
    ['setLists', [{ allow: [] }], 'lists.deny is missing: give a list'],
    ['setLists', [{ allow: [], deny: [5] }], 'lists.deny[0] is of type number: give a string'],
    ['setMeasures', [{}], 'measures is of type object: give a list'],
    ['setMeasures', [[{ id: 'm' }]], 'measures[0].target is missing: give an object'],
    ['setPolicy', ['mode: enforce'], 'policy is of type string: give an object'],
    ['setPolicy', [{ mode: 'enforce' }, 2], 'policy.services is missing'],
    ['setPolicy', [tollgate.DEFAULT_POLICY], 'version is missing: give a number'],
  ])('gate.%s(%j), which answers at once', (name, args, told) => {
    expect(() => methods()[name]?.(...args)).toThrow(`gate.${name}: ${told}`)
  })

  test.each<[string, unknown[], string]>([
    ['twilio', [], 'options is missing: give an object'],
    ['twilio', [{ name: 'twilio' }], 'options.accountSid is missing: give a string'],
    ['http', [{ url: 'https://sms.example' }], 'options.name is missing: give a string'],
    ['consoleSender', [null], 'options is of type null: give an object, or leave it out'],
    ['functionProvider', ['send'], 'send is of type string: give a function'],
    ['loadPrices', [5], 'file is of type number: give a string'],
    ['parsePrices', [], 'content is missing: give a string'],
    ['memory', ['large'], 'options is of type string: give an object, or leave it out'],
  ])('%s(%j)', (name, args, told) => {
    const called = (tollgate as unknown as Untyped)[name]
    expect(() => called?.(...args)).toThrow(`${name}: ${told}`)
  })

  test.each([undefined, null, 'pow', {}])('solvePow(%j)', async (payload) => {
    const solve = tollgate.solvePow as unknown as (payload: unknown) => Promise<string>
    await expect(solve(payload)).rejects.toThrow(/^solvePow: payload/)
  })

  test.each([
    [{ prices: 5 }, 'prices: give the path of a price file'],
    [{ ledger: 'postgres' }, "ledger: give 'memory', or { sqlite: file }"],
    [{ secret: 'abc' }, 'secret: give a Buffer of at least 32 random bytes'],
    [{ upkeep: true }, 'upkeep: give false, or'],
    [{ tracing: 'yes' }, 'tracing: give true or false'],
  ])('createGate(%j)', async (options, told) => {
    await expect(tollgate.createGate(options as tollgate.CreateGateOptions)).rejects.toThrow(told)
  })
})

test('right arguments pass, and the rest of the gate is as it was', async () => {
  expect((await gate.solve('ver_x', SOLUTION)).ok).toBe(false)
  expect((await gate.resend('ver_x')).ok).toBe(false)
  expect(gate.parseNumber('+2348031234567').country).toBe('NG')
  expect(gate.sourceFacts(null)).toBeDefined()
  gate.setPolicy(tollgate.DEFAULT_POLICY, 7)
  expect(gate.policy.version).toBe(7)
})
