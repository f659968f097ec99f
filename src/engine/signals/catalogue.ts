import { unallocated } from './allocation.js'
import { automation } from './automation.js'
import { bursts } from './burst.js'
import { carrier } from './carrier.js'
import { clientMissing } from './client-missing.js'
import { cluster } from './cluster.js'
import { codeDelays } from './code-delay.js'
import { concentration } from './concentration.js'
import { conversions } from './conversion.js'
import { countryMix } from './country-mix.js'
import { firstFailed } from './first-failed.js'
import { hosting } from './hosting.js'
import { intel } from './intel.js'
import { ipCountry } from './ip-country.js'
import { neverResent } from './never-resent.js'
import { newCountry, outsideMarkets } from './new-country.js'
import { noActivity } from './no-activity.js'
import { numberTypes } from './number-type.js'
import { countriesPerIp, numbersPerSource } from './numbers-per-source.js'
import { offPeak } from './off-peak.js'
import { regulars } from './regular.js'
import { sequential } from './sequential.js'
import type { Signal } from './signal.js'
import { sourceConversions } from './source-conversion.js'
import { sourcesProven } from './source-proven.js'

/** Every signal, by group. The order is that of weights in memory; what is stored goes by code. */
export const SIGNALS: readonly Signal[] = [
  ...numberTypes,
  unallocated,
  sequential,
  concentration,
  ...bursts,
  offPeak,
  ...regulars,
  newCountry,
  outsideMarkets,
  countryMix,
  ...numbersPerSource,
  countriesPerIp,
  ...sourceConversions,
  ...sourcesProven,
  cluster,
  ...hosting,
  ipCountry,
  automation,
  noActivity,
  clientMissing,
  neverResent,
  ...codeDelays,
  ...conversions,
  ...firstFailed,
  ...carrier,
  ...intel,
]
