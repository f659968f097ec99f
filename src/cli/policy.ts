import { resolve } from 'node:path'
import type { Command } from 'commander'
import { type Difference, diffPolicies } from '../policy/diff.js'
import {
  type ExplainedService,
  explainBuiltIn,
  explainPolicy,
  type Origin,
} from '../policy/explain.js'
import { type LoadedPolicy, loadPolicy } from '../policy/load.js'
import { formatErrors } from '../policy/problem.js'
import { columns } from './columns.js'
import { configFlags, configOf } from './config-flags.js'
import { CliFault, EXIT } from './fault.js'
import { addBound } from './policy-bound.js'
import { checkedPolicy, readPolicyText } from './policy-file.js'
import { addSuggest } from './policy-suggest.js'
import { withLedger } from './store.js'
import { answer, type GlobalFlags, type Terminal } from './terminal.js'

export function addPolicy(program: Command, terminal: Terminal): void {
  const policy = program
    .command('policy')
    .description('check, explain, bound, compare and propose policy files')
    .addHelpText(
      'after',
      `
Examples:
  $ tollgate policy check policy.yaml
  $ tollgate policy explain policy.yaml --service signup
  $ tollgate policy bound policy.yaml --prices prices.csv
  $ tollgate policy diff policy.yaml new.yaml
  $ tollgate policy suggest messages.csv > policy.yaml`,
    )
  addCheck(policy, terminal)
  addExplain(policy, terminal)
  addBound(policy, terminal)
  addDiff(policy, terminal)
  addSuggest(policy, terminal)
}

function addCheck(policy: Command, terminal: Terminal): void {
  policy
    .command('check')
    .argument('<file>', 'policy file')
    .description('say everything that is wrong in a policy file; exit code 1 if anything is')
    .action((file: string, _: unknown, command: Command) => {
      const flags = command.optsWithGlobals<GlobalFlags>()
      const loaded = loadPolicy(readPolicyText(resolve(terminal.cwd, file)), { file })
      if (!loaded.ok) {
        if (flags.json) terminal.out(JSON.stringify({ ok: false, errors: loaded.errors }))
        else terminal.err(formatErrors(loaded.errors))
        throw new CliFault(EXIT.refused, `${file} is not valid`, { told: true })
      }
      const services = Object.values(loaded.policy.services)
      const { otherServices } = loaded
      answer(
        terminal,
        flags,
        {
          ok: true,
          services: services.map(({ name, mode, markets }) => ({ name, mode, markets })),
          otherServices,
        },
        () => [
          `${file} is valid`,
          ...services.map(
            ({ name, mode, markets }) =>
              `  ${name}: ${mode}${markets.length === 0 ? ', no markets named: nowhere is abroad' : `, markets ${markets.join(' ')}`}`,
          ),
          `  any other service: ${otherServices === 'deny' ? 'refused as unknown' : `the defaults, ${loaded.policy.mode}`}`,
        ],
      )
    })
}

function addExplain(policy: Command, terminal: Terminal): void {
  policy
    .command('explain')
    .argument('[file]', 'policy file (default: the built-in policy)')
    .option('--service <name>', 'one service only')
    .description('print every setting in effect and where it comes from')
    .action((file: string | undefined, _: unknown, command: Command) => {
      const flags = command.optsWithGlobals<GlobalFlags & { service?: string }>()
      const all = file === undefined ? [explainBuiltIn()] : explainPolicy(loadFile(terminal, file))
      const shown =
        flags.service === undefined ? all : all.filter(({ name }) => name === flags.service)
      if (shown.length === 0)
        throw new CliFault(EXIT.refused, `the policy names no service "${flags.service}"`, {
          mend: `give one of ${all.map(({ name }) => name).join(', ')}`,
        })
      answer(terminal, flags, { services: shown }, () => shown.flatMap(serviceText))
    })
}

const loadFile = (terminal: Terminal, file: string): LoadedPolicy =>
  checkedPolicy(readPolicyText(resolve(terminal.cwd, file)), file)

const serviceText = ({ name, settings }: ExplainedService): string[] => [
  `${name === 'defaults' ? 'any other service' : name}:`,
  ...columns(
    [{ title: '  setting' }, { title: 'value' }, { title: 'from' }],
    settings.map(({ path, value, effective, origin }) => [
      `  ${path}`,
      effective === null ? value : `${value} (${inEffect(effective)})`,
      originText(origin),
    ]),
  ),
  '',
]

const inEffect = (text: string): string => (/^\d/.test(text) ? `in effect ${text}` : text)

const originText = (origin: Origin): string =>
  origin.from === 'built-in' ? 'built in' : `line ${origin.line}, ${origin.from}`

function addDiff(policy: Command, terminal: Terminal): void {
  configFlags(policy.command('diff'))
    .argument('<before>', 'policy file; alone it is compared with what is in force in --data')
    .argument('[after]', 'policy file')
    .description('what changes in effect between two policies; exit code 1 if anything does')
    .action(async (first: string, second: string | undefined, _: unknown, command: Command) => {
      const flags = command.optsWithGlobals<GlobalFlags>()
      const before =
        second === undefined ? await inForce(command, terminal) : loadFile(terminal, first)
      const after = loadFile(terminal, second ?? first)
      const differences = diffPolicies(before, after)
      answer(terminal, flags, { differences }, () => diffText(differences))
      if (differences.length > 0)
        throw new CliFault(
          EXIT.refused,
          `${differences.length} ${differences.length === 1 ? 'setting differs' : 'settings differ'}`,
          { told: true },
        )
    })
}

function inForce(command: Command, terminal: Terminal): Promise<LoadedPolicy> {
  const config = configOf(command, terminal)
  return withLedger(config, terminal, { mustExist: true }, async (ledger) => {
    const row = await ledger.policy()
    if (row === null || row.by === 'built-in') {
      // a policy that says nothing is the built-in one
      return checkedPolicy('version: 1\n', 'built in')
    }
    return checkedPolicy(row.yaml, `version ${row.version}`)
  })
}

function diffText(differences: readonly Difference[]): string[] {
  if (differences.length === 0) return ['no setting differs in effect']
  return columns(
    [{ title: 'setting' }, { title: 'before' }, { title: 'after' }],
    differences.map(({ path, before, after }) => [path, before ?? '-', after ?? '-']),
  )
}
