import type { Random } from '../random.js'
import type { World } from '../world/world.js'
import { BROWSERS } from './attack/user-agents.js'
import type { CountryHabits } from './people-countries.js'

/** Somebody with a phone. */
export interface Person {
  country: string
  to: string
  deviceId: string | null
  accountId: string | null
  userAgent: string
  /** address of the line at home; `null` for those who are on their phone's own connection */
  home: string | null
  /** address abroad, while travelling */
  abroad: string | null
}

/** What the platform's own app says of itself. */
const APPS = [
  'Shopfront/8.14.2 (Android 14; SM-A155F; en)',
  'Shopfront/8.14.2 (Android 13; TECNO KJ5; en)',
  'Shopfront/8.13.0 (Android 12; Redmi Note 11; en)',
  'Shopfront/8.14.1 (Android 15; Pixel 8; en)',
  'Shopfront/8.14.0 (iOS 18.1; iPhone14,5)',
  'Shopfront/8.12.3 (iOS 17.6; iPhone12,1)',
] as const
/** Rather the app than a browser. */
const APP_SHARE = 0.55
/** Browsers that keep no id for the platform. */
const NO_DEVICE = 0.04
const TRAVELLERS = 0.015
/** Owners of two SIMs who register both, and of them those who come with a third number. */
const SECOND_NUMBER = 0.5
const THIRD_NUMBER = 0.15
/** Phones waiting for their second number, by country. */
const PHONES_KEPT = 500

export const token = (random: Random): string =>
  random
    .below(2 ** 32)
    .toString(36)
    .padStart(7, '0') + random.below(2 ** 21).toString(36)

type Phone = Pick<Person, 'deviceId' | 'userAgent' | 'home'>

/** People of a country, each with a number nobody had before. */
export function createPersons(world: World, random: Random) {
  /** by country; `second`: two of its numbers are known already */
  const secondSims = new Map<string, { phone: Phone; second: boolean }[]>()

  function phoneOf(country: string, habits: CountryHabits): Phone {
    const waiting = secondSims.get(country) ?? []
    const usual = habits.dualSim * SECOND_NUMBER
    // As many second numbers come as phones wait for one.
    if (waiting.length > 0 && random.chance(usual)) {
      const at = random.below(waiting.length)
      const [owner] = waiting.splice(at, 1)
      if (owner !== undefined) {
        if (!owner.second && random.chance(THIRD_NUMBER))
          waiting.push({ phone: owner.phone, second: true })
        return owner.phone
      }
    }
    const phone = {
      deviceId: random.chance(NO_DEVICE) ? null : token(random),
      userAgent: random.pick(random.chance(APP_SHARE) ? APPS : BROWSERS),
      home: random.chance(habits.mobile) ? null : world.address(country, 'fixed', random),
    }
    if (random.chance(usual) && waiting.length < PHONES_KEPT) {
      waiting.push({ phone, second: false })
      secondSims.set(country, waiting)
    }
    return phone
  }

  return (country: string, habits: CountryHabits, to = world.number(country, random)): Person => ({
    country,
    to,
    ...phoneOf(country, habits),
    accountId: null,
    abroad: random.chance(TRAVELLERS) ? world.address('*', 'mobile', random) : null,
  })
}

/** Where the person is now: a phone's own connection comes out of another of the carrier's addresses each time. */
export const addressOf = (person: Person, world: World, random: Random): string =>
  person.abroad ?? person.home ?? world.address(person.country, 'mobile', random)
