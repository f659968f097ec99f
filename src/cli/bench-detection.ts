import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { wholeFile } from '../files/whole-file.js'
import { type JobResult, jobKey, keyOf } from '../lab/bench/job.js'
import { markdownOf } from '../lab/bench/markdown.js'
import { pageOf } from '../lab/bench/page.js'
import { PARTS, type Part } from '../lab/bench/parts.js'
import { jobsOf } from '../lab/bench/plan.js'
import { type Report, reportOf } from '../lab/bench/report.js'
import { runJobs } from '../lab/bench/run-jobs.js'
import { sectionsOf } from '../lab/bench/sections.js'
import { SCENARIOS } from '../lab/scenarios/catalogue.js'
import type { ScenarioData } from '../lab/scenarios/scenario.js'
import { columns } from './columns.js'
import { usageFault } from './fault.js'
import { checkOutputs } from './outputs.js'
import type { GlobalFlags, Terminal } from './terminal.js'

export interface DetectionFlags extends GlobalFlags {
  quick?: boolean
  seeds?: number
  scenarios?: string[]
  contenders?: string[]
  set?: string
  parts?: Part[]
  scale?: number
  threads: number
  results?: string
  markdown?: string
  html?: string
}

/** Paired seeds of a full run. */
const SEEDS = 20

function chosen({ scenarios, set }: DetectionFlags): ScenarioData[] {
  if (set !== undefined && set !== 'tune' && set !== 'report')
    throw usageFault(`--set: there is no set "${set}"`, 'give tune or report')
  const unknown = (scenarios ?? []).find((name) => !SCENARIOS.some((s) => s.name === name))
  if (unknown !== undefined)
    throw usageFault(
      `--scenarios: there is no scenario "${unknown}"`,
      `there are ${SCENARIOS.map((s) => s.name).join(', ')}`,
    )
  return SCENARIOS.filter(
    (s) =>
      (scenarios === undefined || scenarios.includes(s.name)) &&
      (set === undefined || s.set === set),
  )
}

/** Results of an earlier run; a last line that was cut short is played again. */
async function readResults(file: string): Promise<JobResult[]> {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n')
  const whole = lines.slice(0, -1)
  if (whole.length < lines.length && lines.at(-1) !== '')
    await wholeFile(file, (draft) => writeFile(draft, whole.map((line) => `${line}\n`).join('')))
  return whole.map((line, i) => {
    try {
      return JSON.parse(line) as JobResult
    } catch (cause) {
      throw usageFault(`${file}:${i + 1}: not a result of this bench`, 'give another file', cause)
    }
  })
}

/** @param play how jobs are played: on threads */
export async function benchDetection(
  flags: DetectionFlags,
  terminal: Terminal,
  play: typeof runJobs = runJobs,
): Promise<void> {
  const { quick = false, seeds = quick ? 1 : SEEDS, scale = 1, threads } = flags
  const parts: readonly Part[] = flags.parts ?? (quick ? ['headline'] : PARTS)
  const at = (file: string): string => resolve(terminal.cwd, file)
  const { contenders } = flags
  const jobs = jobsOf({
    ...{ parts, scenarios: chosen(flags), seeds, scale },
    ...(contenders !== undefined && { contenders }),
  })
  if (jobs.length === 0)
    throw usageFault('nothing to play', 'leave out --set, --scenarios or --contenders')

  const { markdown, html } = flags
  const read = flags.results === undefined ? [] : [flags.results]
  checkOutputs({ '--markdown': markdown, '--html': html }, read, terminal.cwd)
  const wanted = new Set(jobs.map(jobKey))
  const file = flags.results === undefined ? null : at(flags.results)
  const results = (file === null ? [] : await readResults(file)).filter((r) => wanted.has(keyOf(r)))
  const known = new Set(results.map(keyOf))
  const left = jobs.filter((job) => !known.has(jobKey(job)))
  const { progress } = terminal
  await play({
    jobs: left,
    threads,
    onResult(result) {
      results.push(result)
      const line = JSON.stringify(result)
      if (file !== null) appendFileSync(file, `${line}\n`)
      if (flags.json) terminal.out(line)
      progress?.(`${results.length} of ${jobs.length}: ${result.scenario}, ${result.contender}`)
    },
  })
  progress?.('')
  // the order in which threads end must not show
  const order = new Map(jobs.map((job, i) => [jobKey(job), i] as const))
  results.sort((a, b) => (order.get(keyOf(a)) ?? 0) - (order.get(keyOf(b)) ?? 0))
  const report = reportOf(results, parts)
  const command = commandOf(flags)
  if (markdown !== undefined) {
    const text = markdownOf(report, command)
    await wholeFile(at(markdown), (draft) => writeFile(draft, text))
  }
  if (html !== undefined) {
    const page = await pageOf(report, command)
    await wholeFile(at(html), (draft) => writeFile(draft, page))
  }
  if (flags.json) {
    const { cells, ...rest } = report
    terminal.out(JSON.stringify({ bench: 'detection', case: 'summary', ...rest }))
  } else for (const line of textOf(report)) terminal.out(line)
}

/** The command that writes the same report again. */
function commandOf(flags: DetectionFlags): string {
  const { quick, seeds, scenarios, contenders, set, parts, scale } = flags
  const words = ['tollgate bench detection']
  if (quick) words.push('--quick')
  if (seeds !== undefined) words.push(`--seeds ${seeds}`)
  if (scenarios !== undefined) words.push(`--scenarios ${scenarios.join(',')}`)
  if (contenders !== undefined) words.push(`--contenders ${contenders.join(',')}`)
  if (set !== undefined) words.push(`--set ${set}`)
  if (parts !== undefined) words.push(`--parts ${parts.join(',')}`)
  if (scale !== undefined) words.push(`--scale ${scale}`)
  return words.join(' ')
}

const textOf = (report: Report): string[] =>
  sectionsOf(report).flatMap(({ title, text, columns: titles, rows, forPages }) =>
    forPages
      ? []
      : [
          title,
          ...text,
          '',
          ...(rows.length === 0
            ? []
            : [
                ...columns(
                  titles.map((name, i) => ({ title: name, align: i === 0 ? 'left' : 'right' })),
                  rows,
                ),
                '',
              ]),
        ],
  )
