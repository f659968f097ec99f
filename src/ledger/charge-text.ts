import type { Converter } from './codec.js'
import type { ChargedLine, ChargeRecord } from './rows.js'

type Flat = (string | number)[]
const VERSION = 2
/** Without what the signals saw. */
const FIRST_VERSION = 1
const HEAD = 5
/** raw, p, pLow, country of the address ('' for none), known good, then the codes in one text */
const SEEN = 6

/** Stands where a line does: no line, a throttle's counter. */
const THROTTLE = 'throttle'
const NOT_SEEN = '-'
const rounded = (x: number): number => Math.round(x * 1e4) / 1e4

function seenAt(flat: Flat, at: number): ChargeRecord['seen'] {
  const [raw, p, pLow, ipCountry, knownGood, codes] = flat.slice(at, at + SEEN)
  if (codes === NOT_SEEN) return null
  return {
    raw: Number(raw),
    p: Number(p),
    pLow: Number(pLow),
    ipCountry: ipCountry === '' ? null : String(ipCountry),
    knownGood: knownGood === 1,
    present: codes === '' ? [] : String(codes).split(' '),
  }
}

/**
 * A charge as one flat JSON array: `[version, opensSession, unitMicroUsd, numberKey, count of sources, ...sources,
 * then line, key, cost of each line]`. Half the bytes and half the time of the object, on the hottest row there is.
 */
export const chargeText: Converter<ChargeRecord> = {
  write(charge) {
    const flat: Flat = [
      VERSION,
      charge.opensSession ? 1 : 0,
      charge.unitMicroUsd,
      charge.numberKey,
      charge.sources.length,
      ...charge.sources,
    ]
    const { seen } = charge
    if (seen === null) flat.push(0, 0, 0, '', 0, NOT_SEEN)
    else
      flat.push(
        rounded(seen.raw),
        rounded(seen.p),
        rounded(seen.pLow),
        seen.ipCountry ?? '',
        seen.knownGood ? 1 : 0,
        seen.present.join(' '),
      )
    for (const { line, key, cost } of charge.lines) flat.push(line, key, cost)
    for (const key of charge.throttles ?? []) flat.push(THROTTLE, key, 1)
    return JSON.stringify(flat)
  },

  read(stored) {
    const flat = JSON.parse(String(stored)) as Flat
    const [version, opensSession, unitMicroUsd, numberKey, sourceCount] = flat
    if (version !== VERSION && version !== FIRST_VERSION)
      throw new Error(`a charge of form ${version}, this Tollgate reads forms up to ${VERSION}`)
    const afterSources = HEAD + Number(sourceCount)
    const firstLine = afterSources + (version === VERSION ? SEEN : 0)
    const lines: ChargedLine[] = []
    const throttles: string[] = []
    for (let i = firstLine; i + 2 < flat.length; i += 3) {
      if (flat[i] === THROTTLE) {
        throttles.push(String(flat[i + 1]))
        continue
      }
      lines.push({
        line: flat[i] as ChargedLine['line'],
        key: String(flat[i + 1]),
        cost: Number(flat[i + 2]),
      })
    }
    return {
      lines,
      sources: flat.slice(HEAD, afterSources).map(String),
      numberKey: String(numberKey),
      opensSession: opensSession === 1,
      unitMicroUsd: Number(unitMicroUsd),
      seen: version === VERSION ? seenAt(flat, afterSources) : null,
      ...(throttles.length > 0 && { throttles }),
    }
  },
}
