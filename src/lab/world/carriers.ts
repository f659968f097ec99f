/** Networks of a country that people ask for codes from, largest first. */
export interface Carriers {
  mobile: readonly number[]
  fixed: readonly number[]
  /** v4 addresses that a carrier's people share (its carrier-grade NAT) as far as one platform gets to see them */
  shared: number
}

/**
 * AS numbers of subscribers' networks in the countries of the platforms, read one by one against the installed database
 * (names and address counts). Mobile networks where they have a number of their own; elsewhere the operator's only one.
 * Addresses shared: few in Africa, India and Indonesia, where carrier-grade NAT is heaviest (Cloudflare, "One IP address,
 * many users", 2025).
 */
export const CARRIERS: Readonly<Record<string, Carriers>> = {
  NG: { mobile: [29465, 36873, 37148], fixed: [36923, 37340, 37282, 37637, 29091], shared: 16 },
  GH: { mobile: [30986, 37140, 29614], fixed: [29614, 35091, 33786], shared: 16 },
  KE: { mobile: [33771, 36926, 12455], fixed: [37061, 15399, 36866, 15808], shared: 16 },
  IN: { mobile: [55836, 45609, 38266, 45271], fixed: [9829, 24560, 17488, 17813], shared: 24 },
  ID: { mobile: [23693, 4761, 24203], fixed: [7713, 23700, 17451, 63859], shared: 24 },
  PH: { mobile: [132199, 10139, 139831], fixed: [9299, 17639, 6648, 23944], shared: 48 },
  BR: { mobile: [26599, 26615, 22085], fixed: [28573, 18881, 8167, 7738, 53006], shared: 96 },
  MX: { mobile: [8151, 28469, 13591], fixed: [8151, 13999, 6503, 22884, 28548], shared: 96 },
  TR: { mobile: [16135, 15897, 20978], fixed: [9121, 34984, 47524, 12735], shared: 96 },
  US: { mobile: [21928, 6167, 22394], fixed: [7922, 7018, 20115, 701, 22773, 209], shared: 256 },
  GB: { mobile: [5378, 206067, 2856], fixed: [2856, 5089, 5607, 13285, 13037], shared: 128 },
  DE: { mobile: [3320, 3209, 6805], fixed: [3320, 3209, 6805, 8881, 9145, 8422], shared: 192 },
  FR: { mobile: [3215, 15557, 51207, 5410], fixed: [3215, 12322, 15557, 5410], shared: 128 },
  ES: { mobile: [3352, 12479, 12430], fixed: [3352, 12479, 6739, 12338, 57269], shared: 128 },
  IT: { mobile: [16232, 30722, 24608], fixed: [3269, 1267, 30722, 12874, 8612], shared: 128 },
  PL: { mobile: [39603, 5617, 12912, 8374], fixed: [5617, 12741, 29314, 21021, 13110], shared: 96 },
  NL: { mobile: [1136, 33915, 31615], fixed: [33915, 1136, 50266, 15435], shared: 128 },
}

/** Networks taken for carriers of a country that is not listed: its largest, without those that are not for subscribers. */
export const UNLISTED = { mobile: 3, fixed: 8, shared: 64 }

/** Names of networks with many addresses and few subscribers. */
export const NOT_SUBSCRIBERS =
  /universi|institut|educat|academ|research|college|school|govern|minist|defen[cs]e|depart|bank|hosting|cloud|server|data ?cent|colo|cdn|amazon|microsoft|google|apple|akamai|oracle|cogent|level 3|gtt|verizon business|exchange|network information|police|health|hospital/i
