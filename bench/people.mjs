// Who asks in the benches of engine and Redis: the same people for every contender, most of them for the first time.

export const PRICE = 10_000
/** Numbers from 0 to 1 (mulberry32). */
export function seeded(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

export function people(seed) {
  const random = seeded(seed)
  return { factsOf, next: () => factsOf(Math.floor(random() * 60_000_000)) }
}

/** Facts of person i: own number, device, account; addresses, blocks and networks shared as in life. */
export function factsOf(i, sessionId = `session-${i}`) {
  const e164 = `+234${8_030_000_000 + ((i * 7_919) % 60_000_000)}`
  const host = Math.floor(i / 3)
  const subnet = `105.${(host >> 16) & 255}.${(host >> 8) & 255}`
  return {
    service: 'signup',
    number: {
      e164,
      problem: null,
      country: 'NG',
      callingCode: '234',
      type: 'MOBILE',
      operator: `operator ${i % 8}`,
      allocated: true,
      operatorRange: `NG/operator ${i % 8}`,
      block: e164.slice(0, -4),
      subBlock: e164.slice(0, -3),
    },
    source: {
      ip: `${subnet}.${host & 255}`,
      ipKey: `${subnet}.${host & 255}`,
      subnetKey: `${subnet}.0/24`,
      asn: 29_465 + (i % 50),
      asnName: 'mobile',
      country: 'NG',
      hosting: false,
    },
    context: {
      deviceId: `device-${i}`,
      accountId: `account-${i}`,
      sessionId,
      userAgent: null,
      sessionAgeMs: null,
      precedingEvents: null,
      apiKeyId: 'key',
    },
    priceMicroUsd: PRICE,
    listed: null,
    measured: null,
    challengePassed: false,
    reviewed: false,
  }
}
