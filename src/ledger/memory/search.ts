import type { Reason } from '../../engine/decision.js'
import { ipKeyOfText } from '../../network/ip-key.js'
import type { DecisionSearch, Found } from '../console-port.js'
import { numbered, type Requests, type StoredRequest } from './requests.js'

/** Newest first. Everything in memory is looked at: there is a bounded number of rows. */
export function search(requests: Requests, wanted: DecisionSearch): Found {
  const { number, from, to, before, limit } = wanted
  const key = number === undefined ? undefined : requests.numbers.numberKey(number)
  const fits = test(wanted)
  const anchor = before === undefined ? undefined : requests.log.after(before - 1).next().value
  const anchorAt = anchor?.seq === before ? anchor?.value.at : undefined
  const rows = [...(key === undefined ? requests.log.newestFirst() : requests.ofNumber(key))]
    .filter(
      ({ seq, value }) =>
        (from === undefined || value.at >= from) &&
        (to === undefined || value.at <= to) &&
        (before === undefined ||
          (anchorAt === undefined || anchorAt === value.at ? seq < before : value.at < anchorAt)),
    )
    .filter(fits)
    .sort((a, b) => b.value.at - a.value.at || b.seq - a.seq)
  const page = rows.slice(0, limit)
  const last = rows.length >= limit ? page.at(-1) : undefined
  return { rows: page.map(numbered), next: last?.seq ?? null, searchedTo: last?.value.at ?? null }
}

function test(wanted: DecisionSearch): (entry: StoredRequest) => boolean {
  const { service, ip, deviceId, accountId, country, range, asn, verdict, reason } = wanted
  return ({ value }) =>
    (service === undefined || value.service === service) &&
    (deviceId === undefined || value.deviceId === deviceId) &&
    (accountId === undefined || value.accountId === accountId) &&
    (country === undefined || value.country === country) &&
    (asn === undefined || value.asn === asn) &&
    (verdict === undefined || value.verdict === verdict) &&
    (range === undefined ||
      value.block.startsWith(range) ||
      (wanted.blocksOnly !== true && value.number.startsWith(range))) &&
    (ip === undefined || comesFrom(ip, value)) &&
    (reason === undefined ||
      (JSON.parse(value.reasons) as Reason[]).some(({ code }) => code === reason))
}

/** An address, a v6 /64 or a subnet. */
const comesFrom = (ip: string, of: { ip: string | null; subnet: string | null }): boolean =>
  of.ip === ip || of.subnet === ip || (of.ip !== null && ipKeyOfText(of.ip) === ip)
