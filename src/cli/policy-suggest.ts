import { resolve } from 'node:path'
import type { Command } from 'commander'
import { analyse } from '../audit/analyse/analyse.js'
import { currencyOf } from '../audit/analyse/message-prices.js'
import { readLogs } from '../audit/read/read-logs.js'
import { suggestPolicy } from '../audit/suggest/suggest-policy.js'
import { withLogs } from './audit.js'
import { judgedLogFlags, type LogFlags, pricingOf, readingOf } from './audit-flags.js'
import { createAuditProgress } from './audit-progress.js'
import { answer, type Terminal } from './terminal.js'

/** `policy suggest`: what is normal in a log, as a policy. */
export function addSuggest(policy: Command, terminal: Terminal): void {
  judgedLogFlags(policy.command('suggest'))
    .argument('<files...>', 'message logs: CSV, NDJSON, JSON or Parquet, also .gz, also globs')
    .description('propose a policy from what is normal in message logs')
    .addHelpText(
      'after',
      `
It goes to standard output, with the reason of every setting, and starts in monitor mode.

Examples:
  $ tollgate policy suggest messages.csv --markets NG,GH > policy.yaml
  $ tollgate policy check policy.yaml`,
    )
    .action((files: string[], _: unknown, command: Command) => run(files, command, terminal))
}

async function run(files: readonly string[], command: Command, terminal: Terminal): Promise<void> {
  const flags = command.optsWithGlobals<LogFlags>()
  const at = (path: string): string => resolve(terminal.cwd, path)
  const pricing = await pricingOf(flags, at)
  const { tell, end } = createAuditProgress(terminal, () => performance.now())
  const suggested = await withLogs(async () => {
    const { log } = await readLogs({
      ...readingOf(flags),
      paths: files.map(at),
      ...(flags.outcomes !== undefined && { outcomes: at(flags.outcomes) }),
      now: terminal.now(),
      onProgress: ({ bytes, total, rows }) =>
        tell?.({ step: 'read', done: total === 0 ? 1 : bytes / total, rows, bytes }),
    })
    const markets = flags.markets ?? []
    const places = { markets, ...pricing }
    const judged = analyse(log, { ...places, currency: currencyOf(log) })
    return suggestPolicy(log, judged, places)
  }).finally(end)
  answer(terminal, flags, { policy: suggested.yaml, reasons: suggested.reasons }, () => [
    suggested.yaml.trimEnd(),
  ])
}
