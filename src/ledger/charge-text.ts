import type { Converter } from './codec.js'
import type { ChargedLine, ChargeRecord } from './rows.js'

type Flat = (string | number)[]
const VERSION = 1
const HEAD = 5

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
    for (const { line, key, cost } of charge.lines) flat.push(line, key, cost)
    return JSON.stringify(flat)
  },

  read(stored) {
    const flat = JSON.parse(String(stored)) as Flat
    const [version, opensSession, unitMicroUsd, numberKey, sourceCount] = flat
    if (version !== VERSION)
      throw new Error(`a charge of form ${version}, this Tollgate reads form ${VERSION}`)
    const firstLine = HEAD + Number(sourceCount)
    const lines: ChargedLine[] = []
    for (let i = firstLine; i + 2 < flat.length; i += 3) {
      lines.push({
        line: flat[i] as ChargedLine['line'],
        key: String(flat[i + 1]),
        cost: Number(flat[i + 2]),
      })
    }
    return {
      lines,
      sources: flat.slice(HEAD, firstLine).map(String),
      numberKey: String(numberKey),
      opensSession: opensSession === 1,
      unitMicroUsd: Number(unitMicroUsd),
    }
  },
}
