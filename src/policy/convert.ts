import { DEFAULT_SERVICE } from '../engine/defaults.js'
import {
  LINES,
  type LineName,
  type LinePolicy,
  type ServicePolicy,
  type SpendCap,
} from '../engine/policy.js'
import type { PolicyFile, ServiceFile } from './schema-service.js'

type CapEntry = ServiceFile['spendCaps'][number]

/** Caps of a block of the file. `scope` is what a cap without a country is over. */
export const capsOf = (entries: readonly CapEntry[], scope: 'service' | 'global'): SpendCap[] =>
  entries.map(({ per, max, country }) => ({
    scope: country === undefined ? scope : 'country',
    ...(country !== undefined && { country }),
    period: per,
    limitMicroUsd: max,
  }))

const capEntries = (caps: readonly SpendCap[]): CapEntry[] =>
  caps.map(({ period, limitMicroUsd, country }) => ({
    per: period,
    max: limitMicroUsd,
    ...(country !== undefined && { country }),
  }))

/** A service of the file, complete, as the engine has it. What the file cannot say keeps the engine's default. */
export function toEngine(file: ServiceFile, name: string): ServicePolicy {
  const lineOf = (line: LineName): LinePolicy => {
    const base = DEFAULT_SERVICE.lines[line]
    const { memory, ...set } = file.lines[line]
    const { openingHosting, ...rest } = { openingHosting: undefined, ...set }
    const outside = openingHosting === undefined ? {} : { openingOutside: openingHosting }
    // lines of persons know no outside: their one opening is both
    const both = 'opening' in rest ? { openingOutside: rest.opening } : {}
    return { ...base, ...both, ...outside, ...rest, slowHalfLifeMs: memory }
  }
  return {
    name,
    mode: file.mode,
    markets: file.markets,
    outside: file.outside,
    countries: file.countries,
    numberTypes: file.numberTypes,
    unallocated: file.unallocated,
    fraudBudgetMicroUsd: file.fraudBudget,
    lines: Object.fromEntries(LINES.map((line) => [line, lineOf(line)])) as ServicePolicy['lines'],
    hard: file.hard,
    margin: file.margin,
    z: file.z,
    sizeShare: file.sizeShare,
    rateLimits: file.rateLimits.map(({ per, window, max, outsideMax, action }) => ({
      subject: per,
      windowMs: window,
      limit: max,
      action,
      ...(outsideMax !== undefined && { limitOutside: outsideMax }),
    })),
    distinct: file.distinct.map(({ of, per, window, max, action }) => ({
      of,
      per,
      windowMs: window,
      limit: max,
      action,
    })),
    spendCaps: capsOf(file.spendCaps, 'service'),
    sessionMs: file.session,
    maturityMs: file.maturity,
    knownGood: { forMs: file.knownGood.for, unverified: file.knownGood.unverified },
    risk: file.risk,
    earning: {
      perSourceDaily: file.earning.perSource,
      sendsDaily: file.earning.sends,
      microUsdDaily: file.earning.money,
      timesCountryMean: file.earning.timesCountryMean,
      onActivation: file.earning.onActivation,
    },
    prior: file.prior,
    code: {
      digits: file.code.digits,
      ttlMs: file.code.expires,
      maxChecks: file.code.checks,
      maxSends: file.code.sends,
      resendAfterMs: file.code.resendAfter,
      template: file.code.text,
    },
    challenge: {
      ttlMs: file.challenge.expires,
      cost: file.challenge.cost,
      maxCost: file.challenge.maxCost,
    },
    lists: file.lists,
    playbook: {
      automatic: file.playbook.automatic.map(({ lost, action, widest, for: forMs }) => ({
        lostMicroUsd: lost,
        action,
        widest: widest ?? 'block',
        forMs,
      })),
    },
    review: { expiresMs: file.review.expires },
  }
}

const destinationLine = (p: LinePolicy) => ({
  opening: p.opening,
  openingOutside: p.openingOutside,
  atLeast: p.atLeast,
  atLeastOutside: p.atLeastOutside,
  narrow: p.narrow,
  memory: p.slowHalfLifeMs,
})
const networkLine = (p: LinePolicy) => ({
  opening: p.opening,
  openingHosting: p.openingOutside,
  narrow: p.narrow,
  memory: p.slowHalfLifeMs,
})
const personLine = (p: LinePolicy) => ({
  opening: p.opening,
  narrow: p.narrow,
  memory: p.slowHalfLifeMs,
})

/** The engine's default service in the file's words: what a file that says nothing means. */
export function defaultFile(): ServiceFile {
  const d = DEFAULT_SERVICE
  const l = d.lines
  return {
    mode: d.mode,
    markets: [...d.markets],
    outside: d.outside,
    countries: { ...d.countries },
    numberTypes: { ...d.numberTypes },
    unallocated: d.unallocated,
    fraudBudget: d.fraudBudgetMicroUsd,
    lines: {
      subBlock: destinationLine(l.subBlock),
      block: destinationLine(l.block),
      operator: destinationLine(l.operator),
      country: destinationLine(l.country),
      abroad: destinationLine(l.abroad),
      service: { narrow: l.service.narrow, memory: l.service.slowHalfLifeMs },
      number: personLine(l.number),
      ip: networkLine(l.ip),
      subnet: networkLine(l.subnet),
      network: networkLine(l.network),
      device: personLine(l.device),
      account: personLine(l.account),
      session: personLine(l.session),
    },
    hard: d.hard,
    margin: d.margin,
    z: d.z,
    sizeShare: d.sizeShare,
    rateLimits: d.rateLimits.map(({ subject, windowMs, limit, limitOutside, action }) => ({
      per: subject,
      window: windowMs,
      max: limit,
      ...(limitOutside !== undefined && { outsideMax: limitOutside }),
      action,
    })),
    distinct: d.distinct.map(({ of, per, windowMs, limit, action }) => ({
      of,
      per,
      window: windowMs,
      max: limit,
      action,
    })),
    spendCaps: capEntries(d.spendCaps),
    session: d.sessionMs,
    maturity: d.maturityMs,
    knownGood: { for: d.knownGood.forMs, unverified: d.knownGood.unverified },
    risk: d.risk,
    earning: {
      perSource: d.earning.perSourceDaily,
      sends: d.earning.sendsDaily,
      money: d.earning.microUsdDaily,
      timesCountryMean: d.earning.timesCountryMean,
      onActivation: d.earning.onActivation,
    },
    prior: { ...d.prior },
    code: {
      digits: d.code.digits,
      expires: d.code.ttlMs,
      checks: d.code.maxChecks,
      sends: d.code.maxSends,
      resendAfter: d.code.resendAfterMs,
      text: d.code.template,
    },
    challenge: {
      expires: d.challenge.ttlMs,
      cost: d.challenge.cost,
      maxCost: d.challenge.maxCost,
    },
    lists: { allow: [...d.lists.allow], deny: [...d.lists.deny] },
    playbook: {
      automatic: d.playbook.automatic.map(({ lostMicroUsd, forMs, ...rest }) => ({
        ...rest,
        lost: lostMicroUsd,
        for: forMs,
      })),
    },
    review: { expires: d.review.expiresMs },
  }
}

/** `otherServices` when the file does not say. */
export const otherServicesOf = (file: {
  otherServices?: PolicyFile['otherServices']
  services?: object
}): PolicyFile['otherServices'] =>
  file.otherServices ?? (Object.keys(file.services ?? {}).length > 0 ? 'deny' : 'default')
