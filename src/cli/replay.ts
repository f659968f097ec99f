import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { replay } from '../lab/replay.js'
import type { ReplayScore, Side } from '../lab/score.js'
import { readLabels, readTraffic } from '../lab/traffic.js'
import { columns, pairs } from './columns.js'
import { configFlags, configOf } from './config-flags.js'
import { duration } from './duration.js'
import { asUsage, usageFault } from './fault.js'
import { usd } from './money.js'
import { offlineCore } from './offline-core.js'
import { readPolicy } from './policy-file.js'
import { pricesOf } from './price-source.js'
import { answer, type GlobalFlags, type Terminal } from './terminal.js'

interface ReplayFlags extends GlobalFlags {
  out?: string
  labels?: string
}

export function addReplay(program: Command, terminal: Terminal): void {
  configFlags(program.command('replay'))
    .argument('<traffic>', 'NDJSON of requests in time order, plain or .gz')
    .description('run recorded or simulated traffic through the gate under virtual time')
    .option('--policy <file>', 'policy file (default: the built-in policy, in monitor mode)')
    .option('--prices <file>', 'price file, for rows without priceMicroUsd')
    .option('--out <file>', 'write one decision a line')
    .option('--labels <file>', 'NDJSON of {"id","label":"legit|attack"}, used for the score only')
    .addHelpText(
      'after',
      `
A row: {"id","at","service","to","ip","deviceId","accountId","sessionId","userAgent","sessionAgeMs",
"precedingEvents","priceMicroUsd","retryOf","potential":{"deliveredMs","deliveryError","verifiedMs",
"solves":{"pow","captcha","channel"},"activates"}}. What would happen is hidden from the engine.

Examples:
  $ tollgate replay traffic.ndjson --policy policy.yaml --out decisions.ndjson
  $ tollgate replay traffic.ndjson.gz --policy policy.yaml --labels labels.ndjson --json`,
    )
    .action(async (traffic: string, _: unknown, command: Command) => {
      const flags = command.optsWithGlobals<ReplayFlags>()
      const config = configOf(command, terminal)
      const at = (file: string): string => resolve(terminal.cwd, file)
      const there = (file: string, what: string): string => {
        if (existsSync(at(file))) return at(file)
        throw usageFault(`${what}: there is no file ${file}`, 'check the path')
      }
      const rows = readTraffic(there(traffic, 'traffic'))
      const labels =
        flags.labels === undefined ? undefined : readLabels(there(flags.labels, '--labels'))
      const { policy } = readPolicy(config.policy)
      const prices = await pricesOf(config)
      const { core } = await asUsage('', () => offlineCore({ policy, prices, config }))
      const startedAt = performance.now()
      const { progress } = terminal
      const score = await replay({
        core,
        traffic: rows,
        ...(flags.out !== undefined && { out: at(flags.out) }),
        ...(labels !== undefined && { labels }),
        ...(progress !== null && {
          onProgress: (count: number, now: number) =>
            progress(
              `${count.toLocaleString('en')} rows, ${new Date(now).toISOString().slice(0, 16)}`,
            ),
        }),
      })
      progress?.('')
      const tookMs = performance.now() - startedAt
      answer(terminal, flags, { ...score, tookMs: Math.round(tookMs) }, () =>
        scoreText(score, tookMs, flags.out),
      )
    })
}

const share = (part: number, whole: number): string =>
  whole === 0 ? '' : `${((100 * part) / whole).toFixed(2)} %`

function scoreText(score: ReplayScore, tookMs: number, out: string | undefined): string[] {
  const { rows, skipped, from, to, all, legit, attack, byReason } = score
  const span = from === null || to === null ? '' : ` over ${duration(to - from)}`
  const sides: [string, Side][] = [['all', all]]
  if (legit !== undefined) sides.push(['legitimate', legit])
  if (attack !== undefined) sides.push(['attack', attack])
  const reasons = Object.entries(byReason).sort(([, a], [, b]) => b - a)
  return [
    `${rows.toLocaleString('en')} rows${span}, replayed in ${duration(tookMs)}; ${skipped.toLocaleString('en')} retries skipped, their first try was verified`,
    '',
    ...columns(
      [
        { title: '' },
        { title: 'requests', align: 'right' },
        { title: 'sent', align: 'right' },
        { title: 'money', align: 'right' },
        { title: 'challenged', align: 'right' },
        { title: 'denied', align: 'right' },
        { title: 'lost', align: 'right' },
      ],
      sides.map(([name, side]) => [
        name,
        side.requests.toLocaleString('en'),
        `${side.sent.toLocaleString('en')} ${share(side.sent, side.requests)}`.trim(),
        usd(side.sentMicroUsd),
        side.challenged.toLocaleString('en'),
        side.denied.toLocaleString('en'),
        `${side.lost.toLocaleString('en')} ${share(side.lost, side.requests)}`.trim(),
      ]),
    ),
    '',
    ...(reasons.length === 0
      ? ['No rule spoke against any request.']
      : [
          'Reasons given:',
          ...pairs(reasons.map(([code, n]) => [`  ${code}`, n.toLocaleString('en')] as const)),
        ]),
    ...(out === undefined ? [] : ['', `decisions in ${out}`]),
  ]
}
