import { columns, pairs } from './columns.js'
import { duration, moment } from './duration.js'
import type { ExplainedDecision, ExplainedLine } from './explain-decision.js'
import { amount, usd } from './money.js'

const SAYS = {
  allow: 'the code is sent',
  challenge: 'a challenge has to be solved first',
  hold: 'it waits for review',
  deny: 'no code is sent',
} as const

/** One decision in plain words. @param data directory whose lines were read, `null` for empty lines */
export function decisionText(d: ExplainedDecision, now: number, data: string | null): string[] {
  const monitored =
    d.mode === 'monitor' && d.would !== d.verdict ? `; enforce mode would say ${d.would}` : ''
  const text = [
    `${d.verdict.toUpperCase()}: ${SAYS[d.verdict]} (${d.mode} mode${monitored})`,
    '',
    ...pairs(factRows(d, data)).map((line) => `  ${line}`),
    '',
  ]
  if (d.reasons.length === 0) text.push('No rule speaks against it.', '')
  else {
    text.push('Reasons, strongest first:', '')
    for (const { code, verdict, sentence, remedy, until } of d.reasons) {
      text.push(`  ${code} (${verdict}): ${sentence}.`)
      if (until !== null && until > now) text.push(`      ends ${moment(until, now)}`)
      text.push(`      ${remedy}`)
    }
    text.push('')
  }
  if (d.lines.length > 0) text.push('Lines of credit:', '', ...lineTable(d.lines), '')
  if (d.priceMicroUsd > 0 && d.lines.some((line) => line.cost === 0))
    text.push('Asked again inside its session: the ranges are charged only once.', '')
  return [
    ...text,
    ...changes(d, now),
    ...(d.degraded
      ? ['Decided without some of its state: the store of lines is full or lost.']
      : []),
  ]
}

function factRows(d: ExplainedDecision, data: string | null): [string, string][] {
  const { number, source } = d
  const rows: [string, string][] = [['service', d.service]]
  if (number.problem === null) {
    const operator =
      number.operator ?? (number.allocated ? 'operator not named' : 'in no operator’s range')
    rows.push(['number', `${number.e164} (${number.country}, ${number.type}, ${operator})`])
    rows.push(['price', `${usd(d.priceMicroUsd)} a message`])
    rows.push([
      'baseline',
      `${percent(d.baseline.conversion)} of codes there are usually verified (reckoned with ${percent(d.baseline.lower)})`,
    ])
  } else rows.push(['number', `${number.e164 || 'not a number'} (${number.problem})`])
  if (source.ip !== null) {
    const network =
      source.asn === null ? 'unknown network' : `AS${source.asn} ${source.asnName ?? ''}`.trim()
    const place = source.country === null ? '' : `, ${source.country}`
    rows.push(['source', `${source.ip} (${network}${place}${source.hosting ? ', hosting' : ''})`])
  }
  rows.push(['score', `${d.score} of 100`])
  if (d.knownGood) rows.push(['known good', 'verified before on its own lines: passes the lines'])
  rows.push(['lines', data === null ? 'empty, as on the first request ever' : `as in ${data} now`])
  return rows
}

const percent = (share: number): string => `${Math.round(share * 100)} %`

const lineTable = (lines: readonly ExplainedLine[]): string[] =>
  columns(
    [
      { title: 'line' },
      { title: 'key' },
      { title: 'unverified', align: 'right' },
      { title: 'this send', align: 'right' },
      { title: 'limit', align: 'right' },
      { title: 'headroom', align: 'right' },
      { title: 'used', align: 'right' },
      { title: 'halves in' },
      { title: '' },
    ],
    [...lines]
      .sort((a, b) => b.utilisation - a.utilisation)
      .map((line, i) => [
        line.line,
        line.key,
        amount(line.debt, line.unit),
        amount(line.cost, line.unit),
        amount(line.limit, line.unit),
        amount(line.headroom, line.unit),
        percent(line.utilisation),
        duration(line.halfLifeMs),
        [i === 0 ? 'binding' : '', line.narrow ? 'narrow' : ''].filter(Boolean).join(', '),
      ]),
  ).map((line) => `  ${line}`)

function changes(d: ExplainedDecision, now: number): string[] {
  if (d.would === 'allow') {
    if (d.roomMessages === null) return []
    const more = Math.max(0, d.roomMessages - 1)
    return [
      more === 0
        ? 'Room: this one fills the binding line, unless it is verified.'
        : `Room: at least ${more} more like this if none is verified; each one that is makes room.`,
    ]
  }
  if (d.alternatives.length === 0) return ['What would change it: another number.']
  const ends = Math.max(0, ...d.reasons.map((reason) => reason.until ?? 0))
  const forEver = d.reasons.some(({ verdict, until }) => verdict === d.would && until === null)
  const rows = d.alternatives.map(({ change, would }): [string, string] => [
    `  with ${change}`,
    would,
  ])
  if (ends > now && !forEver)
    rows.push(['  by waiting', `its reasons end ${moment(ends, now)}, if nothing more is sent`])
  return ['What would change it:', ...pairs(rows)]
}
