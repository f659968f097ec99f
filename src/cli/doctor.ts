import type { Command } from 'commander'
import { type ConfigFlags, loadConfig } from './config.js'
import { configFlags } from './config-flags.js'
import { INSTALLATION_CHECKS, MACHINE_CHECKS } from './doctor-checks.js'
import { CliFault, EXIT } from './fault.js'
import type { Finding } from './finding.js'
import { answer, type GlobalFlags, type Terminal } from './terminal.js'

export function addDoctor(program: Command, terminal: Terminal): void {
  configFlags(program.command('doctor'))
    .description('check whether a gateway could run here, and say how to mend what is wrong')
    .option('--policy <file>', 'policy file')
    .option('--prices <file>', 'price file')
    .addHelpText(
      'after',
      `
Exit code 1 when something fails; warnings leave it at 0. Nothing is sent and nothing is changed.

Examples:
  $ tollgate doctor
  $ tollgate doctor --config /etc/tollgate/tollgate.yaml --json`,
    )
    .action(async (_: unknown, command: Command) => {
      const flags = command.optsWithGlobals<GlobalFlags & ConfigFlags>()
      const findings = await diagnose(flags, terminal)
      const failed = findings.filter(({ state }) => state === 'fail').length
      answer(terminal, flags, { ok: failed === 0, checks: findings }, () =>
        findings.flatMap(({ state, name, found, mend }) => [
          `${state.padEnd(4)}  ${name}: ${found}`,
          ...(mend === null ? [] : [`        ${mend}`]),
        ]),
      )
      if (failed > 0)
        throw new CliFault(EXIT.refused, `${failed} of ${findings.length} checks failed`, {
          told: true,
        })
    })
}

async function diagnose(flags: ConfigFlags, terminal: Terminal): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const check of MACHINE_CHECKS) findings.push(await check(terminal))
  try {
    const warnings: string[] = []
    const { env, cwd } = terminal
    const config = loadConfig(flags, { env, cwd, warn: (text) => warnings.push(text) })
    const where = config.file ?? 'no file, built-in settings'
    findings.push(
      warnings.length === 0
        ? { name: 'configuration', state: 'ok', found: where, mend: null }
        : {
            name: 'configuration',
            state: 'warn',
            found: warnings.join('; '),
            mend: 'correct the name, or unset it',
          },
    )
    for (const check of INSTALLATION_CHECKS) {
      const found = await check(config, terminal)
      if (found !== null) findings.push(found)
    }
  } catch (error) {
    if (!(error instanceof CliFault)) throw error
    findings.push({ name: 'configuration', state: 'fail', found: error.message, mend: error.mend })
  }
  return findings
}
