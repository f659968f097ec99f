import { availableParallelism } from 'node:os'
import type { Command } from 'commander'
import { PARTS } from '../lab/bench/parts.js'
import type { DetectionFlags } from './bench-detection.js'
import { atLeastOne, factorOf, namesOf, partsOf } from './bench-flags.js'
import { addBenchRedteam } from './bench-redteam.js'
import type { Terminal } from './terminal.js'

export function addBench(program: Command, terminal: Terminal): void {
  const bench = program
    .command('bench')
    .description('measure the gate against the rules of others, on simulated traffic')
  bench
    .command('detection')
    .description('every scenario against every contender: what leaks, and whom it harms')
    .option('--quick', 'one seed, no curves and no ablations')
    .option(
      '--seeds <n>',
      'paired seeds of the headline; a fifth for curves and ablations',
      atLeastOne,
    )
    .option('--scenarios <names>', 'only these, with commas between them', namesOf)
    .option('--contenders <names>', 'only these: tollgate, aws-sample and others', namesOf)
    .option('--set <set>', 'tune or report: only the scenarios of that set')
    .option('--parts <parts>', `of ${PARTS.join(', ')}`, partsOf)
    .option('--scale <factor>', "multiple of the platforms' people", factorOf)
    .option('--threads <n>', 'played at once', atLeastOne, availableParallelism())
    .option('--results <file>', 'one result a line; those already there are not played again')
    .option('--markdown <file>', 'write the report as Markdown')
    .option('--html <file>', 'write the report with charts')
    .addHelpText(
      'after',
      `
Without --quick it takes hours: 20 seeds of every scenario. With --results it goes on where it was stopped.

Examples:
  $ tollgate bench detection --quick --set report
  $ tollgate bench detection --set report --results report.ndjson --markdown benchmark.md --html benchmark.html
  $ tollgate bench detection --scenarios night-flood,carrier-nat --seeds 3 --json`,
    )
    .action(async (_: unknown, command: Command) => {
      // the laboratory is large, and no other command needs it
      const { benchDetection } = await import('./bench-detection.js')
      await benchDetection(command.optsWithGlobals<DetectionFlags>(), terminal)
    })
  addBenchRedteam(bench, terminal)
}
