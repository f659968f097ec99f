import { afterEach, beforeEach, expect } from 'vitest'
import type { ServicePolicy } from '../../src/engine/policy.js'
import { type Harness, startHarness } from './harness.js'
import { enforce, subscriber } from './stage.js'
import { twilioClient, violations } from './twilio-client.js'

/** Of the running test. */
export let gateway: Harness
export let twilio: ReturnType<typeof twilioClient>

/** A service without the limits that would meet before Twilio's own: five sends, five checks. */
export const patient: Partial<ServicePolicy> = {
  rateLimits: [],
  distinct: [],
  lines: Object.fromEntries(
    Object.entries(enforce().services.signup?.lines ?? {}).map(([name, line]) => [
      name,
      { ...line, opening: 1e9, openingOutside: 1e9 },
    ]),
  ) as ServicePolicy['lines'],
}

export async function open(service: Partial<ServicePolicy> = {}): Promise<void> {
  gateway = await startHarness({ policy: enforce(service) })
  twilio = twilioClient(gateway.url, gateway.key)
}

/** Opens a gateway for each test of a file, and holds every answer it gave against the specification. */
export function stageTwilio(): void {
  beforeEach(() => open(patient))

  afterEach(async () => {
    // Twilio's specification knows answers of success only; every one of them has to hold.
    const wrong = twilio.exchanges
      .filter(({ status }) => status < 400)
      .map((each) => ({
        ...each,
        says: violations(each.method, each.path, each.status, each.body),
      }))
      .filter(({ says }) => says !== null)
    await gateway.close()
    expect(wrong).toEqual([])
  })
}

/** SID of the policy's service. */
export async function serviceSid(): Promise<string> {
  const [first] = await twilio.client.verify.v2.services.list()
  if (!first) throw new Error('the policy names a service')
  return first.sid
}

export const service = async () => twilio.client.verify.v2.services(await serviceSid())

/** The error that a call of the SDK is rejected with. */
export async function refusal(call: Promise<unknown>) {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  )
  return error as {
    status: number
    code: number
    message: string
    moreInfo: string
    // biome-ignore lint/suspicious/noExplicitAny: Twilio leaves it open
    details: any
  }
}

export const to = subscriber(1)
export const create = async (number = to, more: object = {}) =>
  (await service()).verifications.create({ to: number, channel: 'sms', ...more })
export const check = async (code: string, number = to) =>
  (await service()).verificationChecks.create({ to: number, code })
