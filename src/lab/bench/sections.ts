import { usd } from '../../engine/money.js'
import { PUBLISHED, type Published } from '../peers/published.js'
import type { Cell } from './cell.js'
import { FIXED_HARM, type FixedHarms, type Point } from './curve.js'
import { count, interval, percent, span } from './format.js'
import type { Headline } from './headline.js'
import type { Report } from './report.js'

/** A part of the report with its table: the same on every page. */
export interface Section {
  title: string
  /** paragraphs before the table */
  text: readonly string[]
  columns: readonly string[]
  /** first column reads left, the others right */
  rows: readonly (readonly string[])[]
  /** too wide for a terminal */
  forPages?: true
}

const headlineRow = (h: Headline): string[] => [
  h.contender,
  interval(h.medianLeak),
  `${interval(h.worstLeak)}${h.worstScenario === null ? '' : ` in ${h.worstScenario}`}`,
  interval(h.denied),
  interval(h.challenged),
  interval(h.lost),
  h.worstCountry === null || h.worstCountry.lost === 0
    ? ''
    : `${h.worstCountry.country} ${percent(h.worstCountry.lost)} in ${h.worstCountry.scenario}`,
  h.against === null ? '' : interval(h.against.medianLeak),
  h.against === null ? '' : interval(h.against.lost),
]

const cellRow = (c: Cell): string[] => [
  c.scenario,
  c.contender,
  c.kind === 'attack' ? `${usd(c.leakedMicroUsd)} of ${usd(c.attemptedMicroUsd)}` : '',
  c.kind === 'attack' ? percent(c.leakedShare) : '',
  c.kind === 'attack' ? percent(c.worstShare) : '',
  c.kind === 'attack' ? count(c.containmentSends) : '',
  c.kind === 'attack' ? `${span(c.containedAfterMs)}${c.contained < 0.5 ? ' (never)' : ''}` : '',
  c.incidentAfterMs === null ? '' : span(c.incidentAfterMs),
  percent(c.denied),
  percent(c.challenged),
  percent(c.lost),
  c.worstCountry === null || c.worstCountry.lost === 0
    ? ''
    : `${c.worstCountry.country} ${percent(c.worstCountry.lost)}`,
  c.during === null ? '' : `${percent(c.during.challenged)} / ${percent(c.during.lost)}`,
  count(c.requestsPerSecond),
]

const pointRow = (p: Point): string[] => [
  p.contender,
  percent(p.leak),
  percent(p.denied),
  percent(p.challenged),
  percent(p.lost),
]

const seedsOf = (seeds: readonly number[] | undefined): string =>
  seeds === undefined || seeds.length === 0
    ? 'No seed in common'
    : seeds.length === 1
      ? `Seed ${seeds[0]}`
      : `${seeds.length} seeds (${seeds[0]} to ${seeds.at(-1)})`

function summary({ headlines }: Report): Section[] {
  return headlines.map(({ set, seeds, rows }) => ({
    title:
      set === 'report' ? 'Leak and harm' : 'Leak and harm on the set that defaults were tuned on',
    text: [
      `Set \`${set}\`, ${seedsOf(seeds).toLowerCase()}, the same for every contender. Percentages; in brackets the 95 % bootstrap interval over the seeds. Leak: share of the money an attack asked for that went out, median and worst over the attacks. Harm: share of legitimate requests, over all attacks, traps and clean days. Lost: denied, or challenged and nothing came. The last two columns are differences to Tollgate, paired by seed.`,
    ],
    columns: [
      'contender',
      'median leak %',
      'worst leak %',
      'denied %',
      'challenged %',
      'lost %',
      'worst country, lost %',
      'median leak less ours',
      'lost less ours',
    ],
    rows: rows.map(headlineRow),
  }))
}

function better({ beaten, headlines }: Report): Section[] {
  if (headlines.length === 0) return []
  return [
    {
      title: 'Where others are better',
      text: [
        beaten.length === 0
          ? 'In no attack does another contender leak less at equal or lower harm (lost and challenged).'
          : 'Attacks in which another contender leaks less at equal or lower harm (lost and challenged):',
      ],
      columns: ['attack', 'contender', 'their leak %', 'our leak %', 'their lost %', 'our lost %'],
      rows: beaten.map((b) => [
        b.scenario,
        b.by,
        percent(b.leaked.theirs),
        percent(b.leaked.ours),
        percent(b.lost.theirs),
        percent(b.lost.ours),
      ]),
    },
  ]
}

/** Leak and lost of every contender, a row a scenario. */
function matrix({ cells, contenders }: Report): Section[] {
  const at = new Map(cells.map((c) => [`${c.scenario}|${c.contender}`, c] as const))
  const scenarios = [...new Map(cells.map((c) => [c.scenario, c] as const))]
  const of = (kind: Cell['kind'], title: string, text: string): Section[] => {
    const rows = scenarios.filter(([, cell]) => cell.kind === kind)
    return rows.length === 0
      ? []
      : [
          {
            title,
            text: [text],
            columns: [kind, 'set', ...contenders],
            rows: rows.map(([scenario, { set }]) => [
              scenario,
              set,
              ...contenders.map((contender) => {
                const cell = at.get(`${scenario}|${contender}`)
                if (cell === undefined) return ''
                return kind === 'attack'
                  ? `${percent(cell.leakedShare)} / ${percent(cell.lost)}`
                  : `${percent(cell.lost)} / ${percent(cell.challenged)}`
              }),
            ]),
          },
        ]
  }
  return [
    ...of(
      'attack',
      'Attacks',
      'Leaked share of the attack / lost share of legitimate requests, %.',
    ),
    ...of('trap', 'Traps', 'Nobody attacks. Lost / challenged share of legitimate requests, %.'),
    ...of('clean', 'Clean days', 'Lost / challenged share of legitimate requests, %.'),
  ]
}

function curves({ curves, fixedHarm, seeds }: Report): Section[] {
  if (curves.length === 0) return []
  return [
    {
      title: 'Leak against harm',
      text: [
        `${seedsOf(seeds.curves)}. Tollgate over the daily fraud budget, the others over a factor on all their limits. Leak: mean of the leaked shares of the attacks, %.`,
      ],
      columns: ['setting', 'leak %', 'denied %', 'challenged %', 'lost %'],
      rows: curves.flatMap(({ points }) => points.map(pointRow)),
    },
    ...(fixedHarm === null ? [] : [fixedHarmSection(fixedHarm)]),
  ]
}

function fixedHarmSection({ chosenOn, reportedOn, rows }: FixedHarms): Section {
  const harm = `at most ${percent(FIXED_HARM.denied)} % denied and ${percent(FIXED_HARM.challenged)} % challenged`
  return {
    title: 'Leak at fixed harm',
    text: [
      `Of each contender the setting that leaks least among those with ${harm} where nobody attacks. Chosen on the set \`${chosenOn}\`, shown on the set \`${reportedOn}\` with the harm of its attacks.`,
    ],
    columns: ['contender', 'setting', 'leak %', 'denied %', 'challenged %', 'lost %'],
    rows: rows.map(({ name, point }) => [
      name,
      ...(point === null ? ['none keeps within it', '', '', '', ''] : pointRow(point)),
    ]),
  }
}

function ablations({ ablations, seeds }: Report): Section[] {
  if (ablations.length === 0) return []
  return [
    {
      title: 'Without its parts',
      text: [
        `${seedsOf(seeds.ablations)}. Tollgate with one part of the policy taken away, then with two: parts that stand in for each other show only in pairs.`,
      ],
      columns: ['without', 'leak %', 'denied %', 'challenged %', 'lost %'],
      rows: ablations.map(({ without, ...point }) => [
        without.length === 0 ? 'nothing (the default policy)' : without.join(' + '),
        ...pointRow(point).slice(1),
      ]),
    },
  ]
}

function reliability({ reliability }: Report): Section[] {
  if (reliability.length === 0) return []
  return [
    {
      title: 'The score as a probability',
      text: [
        "Tollgate's score of every request, by tenths, against the share that was an attack's.",
      ],
      columns: ['score', 'requests', 'attacks', 'share %'],
      rows: reliability.map(({ from, to, requests, attacks }) => [
        `${from} to ${to}`,
        count(requests),
        count(attacks),
        requests === 0 ? '' : percent(attacks / requests),
      ]),
    },
  ]
}

function everything({ cells }: Report): Section[] {
  if (cells.length === 0) return []
  return [
    {
      title: 'Every scenario and contender',
      text: [
        'Money and sends: mean of a seed; times and sends until containment: median over seeds. An attack is contained after the last minute in which over 1 % of what it asked for went out. While it lasts: harm from the first to the last moment of the attack or trap, in the countries on which it falls, or everywhere when the platform has none of them. Requests/s of one thread: facts, decisions and outcomes, without making the traffic.',
      ],
      columns: [
        'scenario',
        'contender',
        'leaked',
        'leak %',
        'worst seed %',
        'sends until contained',
        'contained after',
        'incident after',
        'denied %',
        'challenged %',
        'lost %',
        'worst country, lost %',
        'while it lasts, challenged / lost %',
        'requests/s',
      ],
      rows: cells.map(cellRow),
    },
  ]
}

function contenders({ headlines }: Report): Section[] {
  if (headlines.length === 0) return []
  const about: readonly (readonly [string, Published])[] = Object.entries(PUBLISHED)
  return [
    {
      title: 'The rules of others',
      text: ['As published, enforced, and read as the source files of `src/lab/peers` say.'],
      forPages: true,
      columns: ['contender', 'rules', 'source'],
      rows: about.map(([name, { rules, source }]) => [name, rules, source]),
    },
  ]
}

export const sectionsOf = (report: Report): Section[] => [
  ...summary(report),
  ...better(report),
  ...matrix(report),
  ...curves(report),
  ...ablations(report),
  ...reliability(report),
  ...contenders(report),
  ...everything(report),
]

/** What was played and what stands for what, in sentences. */
export function preamble({ cells, headlines }: Report, command: string): string[] {
  return [
    `Written by \`${command}\`. The same seeds give the same figures on every machine, but for requests/s.`,
    `Played: ${new Set(cells.map((c) => c.scenario)).size} scenarios of the ${headlines.length === 1 ? 'set' : 'sets'} ${headlines.map(({ set }) => `\`${set}\``).join(' and ')}. Defaults of Tollgate were chosen on the \`tune\` set of scenarios; figures are claimed on the \`report\` set only.`,
    'Tollgate plays with its default policy in enforce mode and the markets of the platform, nothing tuned to a scenario; the others play the rules they publish, with the same markets where a rule has them. All traffic is simulated: there is no public labelled data of this kind.',
  ]
}
