import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DAY, HOUR, MINUTE } from '../../src/engine/units.js'
import { createRandom } from '../../src/lab/random.js'

export const PUMPED_FROM = Date.UTC(2026, 7, 1)
const DAYS = 50
const A_DAY = 60
const ATTACK_DAY = 30
export const ATTACK_MESSAGES = 400

const iso = (at: number): string => new Date(at).toISOString()

/** A business in Nigeria and Ghana that is pumped through one range of Uzbekistan for a day: files of its messages and codes. */
export function writePumpedLog(dir: string): { numbers: string[]; money: number } {
  mkdirSync(dir, { recursive: true })
  const random = createRandom(3)
  const numbers: string[] = []
  const messages: { at: number; line: string }[] = []
  const verified: string[] = []
  const send = (at: number, to: string, price: number): void => {
    numbers.push(to)
    messages.push({
      at,
      line: `SM${String(numbers.length).padStart(32, '0')},${iso(at)},Shop,${to},delivered,-${price},USD,1,,outbound-api`,
    })
  }
  for (let day = 0; day < DAYS; day++)
    for (let i = 0; i < A_DAY; i++) {
      const at = PUMPED_FROM + day * DAY + 6 * HOUR + random.below(16 * HOUR)
      const ending = String(1_000_000 + random.below(8_999_999))
      const to = random.chance(0.7) ? `+234803${ending}` : `+23324${ending}`
      send(at, to, 0.05)
      if (random.chance(0.8)) verified.push(`${to},${iso(at + MINUTE)}`)
    }
  for (let i = 0; i < ATTACK_MESSAGES; i++)
    send(
      PUMPED_FROM + ATTACK_DAY * DAY + i * 3 * MINUTE,
      `+99899394${String(1_000 + 7 * i).padStart(4, '0')}`,
      0.27,
    )
  messages.sort((a, b) => a.at - b.at)
  const header = 'sid,date_sent,from,to,status,price,price_unit,num_segments,error_code,direction'
  const lines = messages.map(({ line }) => line)
  writeFileSync(
    join(dir, 'messages.csv'),
    [header, ...lines, 'SMx,nonsense,Shop,+2348031234567,sent,-0.05,USD,1,,outbound-api', ''].join(
      '\n',
    ),
  )
  writeFileSync(join(dir, 'verified.csv'), ['number,verified_at', ...verified, ''].join('\n'))
  return { numbers, money: ATTACK_MESSAGES * 0.27 }
}
