import type { AuditResult, PlaceFinding, RangeFinding } from '../audit-result.js'
import { bar } from './bar.js'
import { figure } from './figure.js'
import { count, listed, money, operatorText, part, percent } from './figures.js'
import type { Heat } from './heat.js'
import { heatFigure } from './heat-chart.js'
import { type Html, html, NOTHING } from './html.js'
import { HEAT } from './palette.js'
import { MOST_ROWS, type TableColumn, table } from './table.js'
import { worldMap } from './world-map.js'

const withBar = (share: number): Html =>
  html`${percent(share)}${bar([{ share, colour: 'surely' }], 'share')}`

const byFraud = <P extends { fraud: number; spend: number }>(places: readonly P[]): P[] =>
  [...places].sort((a, b) => b.fraud - a.fraud || b.spend - a.spend)

/** Verified over messages: `31 %`, or nothing where nobody knows. */
const conversion = ({
  verified,
  messages,
}: {
  verified: number | null
  messages: number
}): string => (verified === null ? '' : percent(part(verified, messages)))

function columnsFor(
  { outcomes, markets, spend }: AuditResult,
  name: TableColumn<PlaceFinding>[],
): TableColumn<PlaceFinding>[] {
  return [
    ...name,
    ...(markets.declared
      ? [
          {
            title: 'market',
            kind: 'text' as const,
            cell: ({ market }: PlaceFinding) => (market === true ? 'yes' : 'no'),
          },
        ]
      : []),
    { title: 'messages', cell: ({ messages }) => count(messages) },
    { title: 'spent', cell: (place) => money(place.spend, spend.currency) },
    { title: 'fraud', cell: ({ fraud }) => money(fraud, spend.currency) },
    { title: 'share', cell: (place) => withBar(part(place.fraud, place.spend)) },
    { title: 'failed', cell: ({ failed, messages }) => percent(part(failed, messages)) },
    ...(outcomes.known ? [{ title: 'verified', cell: conversion }] : []),
  ]
}

export async function countrySection(result: AuditResult): Promise<Html> {
  const { countries, operators, spend } = result
  const hit = byFraud(countries).filter(({ fraud }) => fraud > 0)
  const words =
    hit.length === 0
      ? 'World map. No country has any fraud.'
      : `World map, countries coloured by fraud money. Most: ${listed(hit.slice(0, 5).map(({ name, fraud }) => `${name} ${money(fraud, spend.currency)}`))}.`
  const worst = hit[0]?.fraud ?? 0
  return html`<section class="card" aria-labelledby="where">
<h2 id="where">Where it went</h2>
<figure>${await worldMap(countries, words)}
<figcaption>Countries by fraud money, areas true to size.</figcaption></figure>
${
  worst === 0
    ? NOTHING
    : html`<ul class="keys">${HEAT.map(
        (colour, i) =>
          html`<li>${bar([{ share: 1, colour }], 'key')}${i === HEAT.length - 1 ? 'more' : `to ${money(worst * (EDGES[i] ?? 1), spend.currency)}`}</li>`,
      )}</ul>`
}
${table(
  'Countries',
  columnsFor(result, [{ title: 'country', cell: ({ name }) => name }]),
  byFraud(countries),
  MOST_ROWS / 2,
)}
${table(
  'Operators',
  columnsFor(result, [
    { title: 'operator', cell: ({ name }) => operatorText(name) },
    { title: 'country', kind: 'text', cell: ({ country }) => country },
  ]),
  byFraud(operators),
  MOST_ROWS / 2,
)}
</section>`
}

/** As in the map. */
const EDGES = [0.01, 0.05, 0.2, 0.5]

const LEVELS: Readonly<Record<RangeFinding['level'], string>> = {
  subBlock: '1,000 numbers',
  block: '10,000 numbers',
  operator: 'operator',
  country: 'country',
}

const rangeColumns = (currency: string, outcomes: boolean): TableColumn<RangeFinding>[] => [
  { title: 'range', cell: ({ key }) => key },
  { title: 'size', kind: 'text', cell: ({ level }) => LEVELS[level] },
  {
    title: 'operator',
    kind: 'text',
    cell: ({ operator, country }) =>
      operator === '' ? country : `${operatorText(operator)}, ${country}`,
  },
  { title: 'messages', cell: ({ messages }) => count(messages) },
  { title: 'spent', cell: ({ spend }) => money(spend, currency) },
  { title: 'fraud', cell: ({ fraud }) => money(fraud, currency) },
  ...(outcomes
    ? [
        {
          title: 'verified',
          cell: ({ verified }: RangeFinding) => (verified === null ? '' : count(verified)),
        },
        {
          title: 'usual',
          cell: ({ expected }: RangeFinding) => (expected === null ? '' : count(expected)),
        },
      ]
    : []),
]

export const rangeTable = (
  caption: string,
  ranges: readonly RangeFinding[],
  { spend, outcomes }: AuditResult,
  most: number,
): Html => table(caption, rangeColumns(spend.currency, outcomes.known), byFraud(ranges), most)

export async function rangeSection(result: AuditResult, heat: Heat | null): Promise<Html> {
  const { ranges, topNumbers, spend, outcomes } = result
  const drawn =
    heat === null || heat.rows.length === 0
      ? NOTHING
      : await figure(heatFigure(heat, spend.currency))
  return html`<section class="card" aria-labelledby="ranges">
<h2 id="ranges">Number ranges</h2>
<p class="lead">Pumping goes to ranges whose operator shares the fee, so a range tells more than a number. ${outcomes.known ? '"Usual" is how many codes so many messages normally bring back.' : ''}</p>
${drawn}
${rangeTable('Ranges with most fraud', ranges, result, MOST_ROWS / 2)}
${
  topNumbers.length === 0
    ? NOTHING
    : table(
        'Numbers that got most messages',
        [
          { title: 'number', cell: ({ number }) => number },
          { title: 'country', kind: 'text', cell: ({ country }) => country },
          { title: 'messages', cell: ({ messages }) => count(messages) },
          { title: 'spent', cell: (top) => money(top.spend, spend.currency) },
          ...(outcomes.known
            ? [
                {
                  title: 'verified',
                  cell: ({ verified }: { verified: number | null }) =>
                    verified === null ? '' : count(verified),
                },
              ]
            : []),
        ],
        topNumbers,
        10,
      )
}
</section>`
}
