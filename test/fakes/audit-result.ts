import type {
  AuditIncident,
  AuditResult,
  Estimate,
  Period,
  PlaceFinding,
  RangeFinding,
} from '../../src/audit/audit-result.js'
import { DAY, HOUR } from '../../src/engine/units.js'
import { createRandom } from '../../src/lab/random.js'

const START = Date.UTC(2025, 10, 1)
const DAYS = 365
const day = (at: number): string => new Date(at).toISOString().slice(0, 10)
const around = (value: number, spread = 0.12): Estimate => ({
  value,
  low: value * (1 - spread),
  high: value * (1 + spread),
})

/** Fraud of three attacks on a day, and of a trickle that never stops. */
const fraudOn = (d: number): number => {
  if (d >= 120 && d < 126) return 2_400 - 300 * (d - 120)
  if (d >= 200 && d < 260) return 70
  return d >= 310 && d < 318 ? 900 : 1.5
}

function periodsOf(days: readonly Period[], key: (from: string) => string): Period[] {
  const all = new Map<string, Period>()
  for (const { from, messages, spend, fraud } of days) {
    const at = key(from)
    const period = all.get(at) ?? { from: at, messages: 0, spend: 0, fraud: around(0), share: 0 }
    period.messages += messages
    period.spend += spend
    period.fraud = around(period.fraud.value + fraud.value)
    period.share = period.fraud.value / period.spend
    all.set(at, period)
  }
  return [...all.values()]
}

const range = (part: Partial<RangeFinding> & { key: string }): RangeFinding => ({
  level: 'block',
  country: 'UZ',
  operator: 'UZ:Unitel',
  messages: 4_100,
  spend: 1_107,
  verified: 2,
  expected: 2_900,
  fraud: 1_104,
  ...part,
})

const place = (key: string, name: string, spend: number, fraud: number): PlaceFinding => ({
  key,
  name,
  country: key.slice(0, 2),
  messages: Math.round(spend / 0.05),
  spend,
  fraud,
  failed: Math.round(spend / 0.9),
  verified: Math.round((spend - fraud) / 0.08),
  market: ['NG', 'GH', 'KE', 'GB'].includes(key.slice(0, 2)),
})

function incident(id: string, part: Partial<AuditIncident>): AuditIncident {
  const from = START + 120 * DAY + 3 * HOUR
  const random = createRandom(7)
  return {
    id,
    onset: new Date(from).toISOString(),
    peak: new Date(from + 30 * HOUR).toISOString(),
    end: new Date(from + 140 * HOUR).toISOString(),
    kind: 'attack',
    countries: ['UZ'],
    ranges: [
      range({ key: '+99899394' }),
      range({ key: '+99899395', fraud: 800 }),
      range({ key: 'UZ:Unitel', level: 'operator', messages: 9_000, spend: 2_500, fraud: 2_400 }),
    ],
    messages: 38_412,
    spend: 10_240,
    money: around(9_900, 0.05),
    because: [
      '2 of 9,120 codes were entered, where 6,400 usually are',
      'messages to Uzbekistan rose from 4 a day to 6,400 within two hours',
      '71 % of the numbers follow each other in steps of 1 to 10',
      'a message costs USD 0.27 here, 9 times the average of this log',
    ],
    timeline: Array.from({ length: 140 }, (_, h) => ({
      at: new Date(from + h * HOUR).toISOString(),
      messages: Math.round(500 * Math.exp(-(((h - 30) / 40) ** 2)) * (0.7 + 0.6 * random.next())),
      spend: 100,
      verified: Math.round(3 * random.next()),
    })),
    ...part,
  }
}

/** A result such as a year of a marketplace gives; the same each time. */
export function auditResult(part: Partial<AuditResult> = {}): AuditResult {
  const random = createRandom(11)
  const days = Array.from({ length: DAYS }, (_, d): Period => {
    const clean = (90 + 0.2 * d + (d % 7 < 2 ? 40 : 0)) * (0.9 + 0.2 * random.next())
    const fraud = fraudOn(d)
    const spend = clean + fraud
    return {
      from: day(START + d * DAY),
      messages: Math.round(spend / 0.05),
      spend,
      fraud: around(fraud),
      share: fraud / spend,
    }
  })
  const total = days.reduce((sum, { spend }) => sum + spend, 0)
  const value = days.reduce((sum, { fraud }) => sum + fraud.value, 0)
  const countries = [
    place('NG', 'Nigeria', 21_000, 3_900),
    place('UZ', 'Uzbekistan', 10_400, 9_900),
    place('MM', 'Myanmar (Burma)', 4_600, 4_580),
    place('KM', 'Comoros', 2_640, 2_600),
    place('GH', 'Ghana', 9_200, 40),
    place('KE', 'Kenya', 7_100, 12),
    place('GB', 'United Kingdom', 3_400, 0),
    place('US', 'United States', 1_200, 0),
  ]
  return {
    tollgate: '0.1.0',
    files: [{ path: 'messages.csv', format: 'twilio-messages', rows: 1_000_412, bytes: 121e6 }],
    rows: 999_870,
    skipped: [
      {
        why: 'bad_number',
        rows: 301,
        examples: ['messages.csv line 812: "anonymous" in column to'],
      },
      { why: 'duplicate', rows: 241, examples: ['messages.csv line 9: SM1 again, +23480******34'] },
    ],
    duplicates: 241,
    from: new Date(START + 61_000).toISOString(),
    to: new Date(START + DAYS * DAY - 61_000).toISOString(),
    markets: { codes: ['NG', 'GH', 'KE', 'GB'], declared: true },
    outcomes: { known: true, share: 0.97, source: 'file' },
    masked: 1_200,
    segments: 1_020_000,
    spend: { currency: 'USD', total, estimated: 0.02, listed: 0.01, priceList: 'example prices' },
    fraud: {
      surely: value * 0.84,
      probably: value * 0.12,
      unclear: value * 0.09,
      fine: total - value * 1.05,
      money: around(value, 0.07),
      share: value / total,
      low: (value * 0.93) / total,
      high: (value * 1.07) / total,
      messages: 84_000,
    },
    trend: {
      day: days,
      week: periodsOf(days, (from) =>
        day(Math.floor((Date.parse(from) / DAY + 3) / 7) * 7 * DAY - 3 * DAY),
      ),
      month: periodsOf(days, (from) => `${from.slice(0, 7)}-01`),
      sentence: 'Fraud was 38 % of the bill in March and 2 % in October.',
    },
    incidents: [
      incident('i-1', {}),
      incident('i-2', {
        countries: ['MM', 'KM'],
        money: around(4_100),
        onset: new Date(START + 310 * DAY).toISOString(),
        end: new Date(START + 318 * DAY).toISOString(),
        ranges: [
          range({ key: '+9592611', country: 'MM', operator: 'MM:MPT' }),
          range({ key: 'KM', level: 'country', country: 'KM', operator: '' }),
        ],
      }),
      incident('i-3', { kind: 'outage', countries: ['GH'], money: around(0), ranges: [] }),
    ],
    countries,
    operators: [
      place('NG:mtn', 'MTN', 12_000, 100),
      place('NG:9mobile', '9mobile', 4_000, 3_800),
      place('UZ:Unitel', 'Unitel', 10_300, 9_900),
      place('MM:MPT', 'MPT', 4_500, 4_490),
    ],
    ranges: Array.from({ length: 30 }, (_, i) =>
      range({ key: `+998993${90 + i}`, fraud: 1_900 / (i + 1), spend: 2_000 / (i + 1) }),
    ),
    topNumbers: [
      { number: '+23480******34', country: 'NG', messages: 61, spend: 3.1, verified: 0 },
      { number: '+99899******01', country: 'UZ', messages: 44, spend: 11.9, verified: 1 },
    ],
    wouldHaveSaved: [
      saving('tollgate', 'Tollgate, default policy', 0.972, 0.0006),
      saving('allow-list', 'Only the markets allowed', 0.71, 0.012),
      saving('authgear-budgets', "Authgear's budgets per country", 0.58, 0.021),
      saving('ip-5', 'Five numbers per IP and hour', 0.11, 0.064),
      saving('number', 'Number validation', 0.02, 0.0001),
    ].map((one) => ({ ...one, saved: one.share * value })),
    costs: {
      models: [
        {
          name: 'per_message',
          title: 'Per message, as billed',
          total,
          perVerified: 0.098,
          assumption: 'What the log says was paid.',
        },
        {
          name: 'per_success',
          title: 'Per successful verification',
          total: 34_500,
          perVerified: 0.06,
          assumption: 'At USD 0.06 for each code entered.',
        },
        {
          name: 'with_gate',
          title: 'Per message, behind the gate',
          total: total - value * 0.97,
          perVerified: 0.071,
          assumption: 'The same traffic through the default policy.',
        },
      ],
      breakEven: 'Paying per success is cheaper while more than 18 % of the bill is fraud.',
    },
    policy:
      'version: 1\nmode: monitor\nservices:\n  signup:\n    # 98.7 % of what is fine went there\n    markets: [NG, GH, KE, GB]\n    fraudBudget: 40 USD\n',
    limits: [
      'Messages that were never sent through this account are not in its log: compare with the invoice.',
      'IP addresses are not in this log.',
    ],
    ...part,
  }
}

const saving = (defence: string, title: string, share: number, touched: number) => ({
  defence,
  title,
  source: defence === 'tollgate' ? '' : 'https://example.com/rules',
  saved: 0,
  share,
  touched,
  refused: Math.round(80_000 * share),
})
