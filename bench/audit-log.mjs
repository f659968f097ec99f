// A message log to measure on: Twilio's columns, numbers of real plans, forty pumped blocks, in the order of time.
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { createRandom } from '../dist/lab/random.js'
import { createWorld } from '../dist/lab/world/create-world.js'

const COUNTRIES = [
  ...['US', 'IN', 'BR', 'ID', 'MX', 'PH', 'GB', 'DE', 'NG', 'TR', 'FR', 'KE', 'ES', 'IT', 'PL'],
  ...['NL', 'PT', 'SE', 'CH', 'AT', 'ZA', 'EG', 'PK', 'VN', 'TH', 'MY', 'AU', 'CA', 'AR', 'CO'],
]
export const MARKETS = COUNTRIES.slice(0, 15)
/** Where the pumped blocks are, eight in each. */
const PUMPED = ['UZ', 'LK', 'AZ', 'TN', 'KH']
const DAYS = 30
const DAY = 86_400_000
const FROM = Date.UTC(2025, 8, 1)
/** Numbers that people have, drawn once: most of them ask for several codes. */
const peopleOf = (rows) => Math.min(3_000_000, Math.ceil(rows / 3))
const PUMPED_SHARE = 0.06
const SEED = 20_261_121
const CHUNK = 1 << 18

const hex = (random) =>
  random
    .below(2 ** 32)
    .toString(16)
    .padStart(8, '0')

/** @returns bytes written, and the share of the money that was pumped */
export async function writeLog(file, rows) {
  const random = createRandom(SEED)
  const world = createWorld()
  const bills = new Map()
  const billed = (country) => {
    const price = world.price(country)
    const bill = bills.get(country) ?? { price, tail: `${(-price / 1e6).toFixed(5)},USD,1,` }
    bills.set(country, bill)
    return bill
  }
  const people = Array.from({ length: peopleOf(rows) }, () => {
    // the first countries are the largest: the k-th has about 1 / (k + 1) of the first
    const country = COUNTRIES[Math.floor(COUNTRIES.length ** random.next()) - 1] ?? 'US'
    return { to: world.number(country, random), bill: billed(country) }
  })
  const attacks = PUMPED.flatMap((country) =>
    world.blocks(country, 8, random).map((block) => ({
      ...{ block, bill: billed(country) },
      from: FROM + random.next() * (DAYS - 2) * DAY,
      to: 0,
    })),
  ).map((attack) => ({ ...attack, to: attack.from + (0.2 + random.next()) * DAY }))

  const out = createWriteStream(file, { highWaterMark: 4 * CHUNK })
  const gapMs = (DAYS * DAY) / rows
  const perAttack = (PUMPED_SHARE * DAYS) / (attacks.length * 0.7)
  let at = FROM
  let text = 'sid,date_sent,from,to,status,price,price_unit,num_segments,error_code,direction\n'
  let second = -1
  let date = ''
  let minute = -1
  let running = []
  let spent = 0
  let pumpedMoney = 0
  for (let row = 0; row < rows; row++) {
    at += random.exponential(gapMs)
    const now = Math.floor(at / 1_000)
    if (now !== second) {
      second = now
      date = `${new Date(second * 1_000).toISOString().slice(0, 19)}Z`
      const thisMinute = Math.floor(second / 60)
      if (thisMinute !== minute) running = attacks.filter((a) => a.from <= at && at < a.to)
      minute = thisMinute
    }
    const pumped = running.length > 0 && random.next() < running.length * perAttack
    const attack = pumped ? running[random.below(running.length)] : undefined
    const person = people[random.below(people.length)]
    const to = attack === undefined ? person.to : world.numberIn(attack.block, random)
    const lost = random.next() < 0.02
    const { tail, price } = (attack ?? person).bill
    spent += price
    if (attack !== undefined) pumpedMoney += price
    text += `SM${hex(random)}${hex(random)}${hex(random)}${hex(random)},${date},Kolibri,${to},${lost ? 'undelivered' : 'delivered'},${tail}${lost ? '30003' : ''},outbound-api\n`
    if (text.length >= CHUNK) {
      if (!out.write(text)) await once(out, 'drain')
      text = ''
    }
  }
  out.end(text)
  await finished(out)
  return { bytes: out.bytesWritten, pumpedShare: pumpedMoney / spent }
}
