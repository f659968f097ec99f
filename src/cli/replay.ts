import { statSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import type { Command } from 'commander'
import { wholeFile } from '../files/whole-file.js'
import { PEER_NAMES } from '../lab/peers/all.js'
import { createDecider, replay } from '../lab/replay.js'
import { compare } from '../lab/replay-compare.js'
import type { Decider } from '../lab/replay-decided.js'
import { createIncidentList } from '../lab/replay-incidents.js'
import { createTimeline } from '../lab/timeline.js'
import { loadCharts, timelinePage } from '../lab/timeline-page.js'
import { readLabels, readTraffic } from '../lab/traffic.js'
import type { Config } from './config.js'
import { configFlags, configOf } from './config-flags.js'
import { asUsage, usageFault } from './fault.js'
import { offlineCore } from './offline-core.js'
import { checkOutputs } from './outputs.js'
import { readPolicy } from './policy-file.js'
import { pricesOf } from './price-source.js'
import { peerDecider } from './replay-peer.js'
import { compareText, replayText } from './replay-text.js'
import { answer, type GlobalFlags, type Terminal } from './terminal.js'

interface ReplayFlags extends GlobalFlags {
  out?: string
  labels?: string
  peer?: string
  compare?: string[]
  html?: string
  policy?: string
}

export function addReplay(program: Command, terminal: Terminal): void {
  configFlags(program.command('replay'))
    .argument('[traffic]', 'NDJSON of requests in time order, plain or .gz')
    .description('run recorded or simulated traffic through the gate under virtual time')
    .option('--policy <file>', 'policy file (default: the built-in policy, in monitor mode)')
    .option('--prices <file>', 'price file, for rows without priceMicroUsd')
    .option('--peer <name>', 'run the published rules of somebody else instead; "list" names them')
    .option('--compare <policies...>', 'two policy files, side by side on the same traffic')
    .option('--out <file>', 'write one decision a line')
    .option('--html <file>', 'write a timeline: requests, money, incidents, ranges')
    .option('--labels <file>', 'NDJSON of {"id","label":"legit|attack"}, used for the score only')
    .addHelpText(
      'after',
      `
A row: {"id","at","service","to","ip","deviceId","accountId","sessionId","userAgent","sessionAgeMs",
"precedingEvents","priceMicroUsd","retryOf","potential":{"deliveredMs","deliveryError","verifiedMs",
"solves":{"pow","captcha","channel"},"activates"}}. What would happen is hidden from the engine.

Rules of others take their markets from the policy.

Examples:
  $ tollgate replay traffic.ndjson --policy policy.yaml --out decisions.ndjson
  $ tollgate replay traffic.ndjson.gz --policy policy.yaml --labels labels.ndjson --html timeline.html
  $ tollgate replay traffic.ndjson --compare today.yaml tomorrow.yaml --labels labels.ndjson
  $ tollgate replay traffic.ndjson --policy policy.yaml --peer aws-sample --json`,
    )
    .action((traffic: string | undefined, _: unknown, command: Command) =>
      run(traffic, command, terminal),
    )
}

async function run(
  traffic: string | undefined,
  command: Command,
  terminal: Terminal,
): Promise<void> {
  const flags = command.optsWithGlobals<ReplayFlags>()
  if (flags.peer === 'list') {
    answer(terminal, flags, { peers: PEER_NAMES }, () => PEER_NAMES)
    return
  }
  checkFlags(flags)
  if (traffic === undefined)
    throw usageFault('no traffic is named', 'put the file right after "replay"')
  const startedAt = performance.now()
  const files = filesOf(traffic, flags, terminal)
  const config = configOf(command, terminal)
  const { out, html, labels } = flags
  const read = [traffic, labels, config.policy, config.prices, config.file]
  checkOutputs(
    { '--out': out, '--html': html },
    read.filter((path) => typeof path === 'string'),
    terminal.cwd,
    config.data,
  )
  const tookMs = (): number => Math.round(performance.now() - startedAt)
  if (flags.compare !== undefined) {
    const [one = '', two = ''] = flags.compare
    const first = await gateDecider(config, resolve(terminal.cwd, one))
    const second = await gateDecider(config, resolve(terminal.cwd, two))
    const comparison = await compare({
      first: first.decider,
      second: second.decider,
      ...files,
    })
    terminal.progress?.('')
    const took = tookMs()
    answer(terminal, flags, { ...comparison, policies: [one, two], tookMs: took }, () =>
      compareText(comparison, [one, two], took),
    )
    return
  }
  const at = (file: string): string => resolve(terminal.cwd, file)
  const { decider, incidents } =
    flags.peer === undefined
      ? await gateDecider(config, config.policy)
      : await peerDecider(flags.peer, config)
  if (flags.html !== undefined) await asUsage('--html: ', loadCharts)
  const timeline = flags.html === undefined ? null : createTimeline()
  const play = (out: object) =>
    replay({ decider, ...files, ...(timeline !== null && { timeline }), ...out })
  const score =
    flags.out === undefined
      ? await play({})
      : await wholeFile(at(flags.out), (out) => play({ out }))
  terminal.progress?.('')
  const found = incidents.all()
  if (flags.html !== undefined && timeline !== null) {
    const rules =
      flags.peer ?? (config.policy === null ? 'built-in policy' : basename(config.policy))
    const title = `${basename(traffic)} through ${rules}`
    const input = { title, score, incidents: found, timeline: timeline.result() }
    const page = await timelinePage(input)
    await wholeFile(at(flags.html), (draft) => writeFile(draft, page))
  }
  const took = tookMs()
  const written = [
    ...(flags.out === undefined ? [] : [`decisions in ${flags.out}`]),
    ...(flags.html === undefined ? [] : [`timeline in ${flags.html}`]),
  ]
  answer(terminal, flags, { ...score, incidents: found, tookMs: took }, () =>
    replayText({ score, incidents: found, tookMs: took, written }),
  )
}

function checkFlags({ compare: policies, peer, out, html, policy }: ReplayFlags): void {
  if (policies === undefined) return
  if (policies.length !== 2)
    throw usageFault(
      `--compare takes two policy files and was given ${policies.length}`,
      'put the traffic before --compare',
    )
  const other = Object.entries({ peer, out, html, policy }).find(([, value]) => value !== undefined)
  if (other !== undefined)
    throw usageFault(`--compare and --${other[0]} do not go together`, 'give one of them')
}

/** The streams a replay reads, and where its progress goes. */
function filesOf(traffic: string, { labels }: ReplayFlags, { cwd, progress }: Terminal) {
  const there = (file: string, what: string): string => {
    const path = resolve(cwd, file)
    const found = statSync(path, { throwIfNoEntry: false })
    if (found === undefined) throw usageFault(`${what}: there is no file ${file}`, 'check the path')
    if (found.isDirectory())
      throw usageFault(`${what}: ${file} is a directory`, 'name a file in it')
    return path
  }
  const rows = there(traffic, 'traffic')
  const named = labels === undefined ? undefined : there(labels, '--labels')
  return {
    traffic: readTraffic(rows),
    ...(named !== undefined && { labels: readLabels(named) }),
    ...(progress !== null && {
      onProgress: (count: number, now: number) =>
        progress(`${count.toLocaleString('en')} rows, ${new Date(now).toISOString().slice(0, 16)}`),
    }),
  }
}

/** The gate with a policy, and the incidents it will open. */
async function gateDecider(
  config: Config,
  file: string | null,
): Promise<{ decider: Decider; incidents: ReturnType<typeof createIncidentList> }> {
  const { policy } = readPolicy(file)
  const prices = await pricesOf(config)
  const { core } = await asUsage('', () => offlineCore({ policy, prices, config }))
  const incidents = createIncidentList()
  return { decider: createDecider(core, { onChange: incidents.note }), incidents }
}
