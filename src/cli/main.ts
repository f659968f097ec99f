#!/usr/bin/env node
import { nodeProblem } from './node-version.js'

// before anything else is loaded: an older Node would end at the first import that it does not know
const problem = nodeProblem(process.versions.node)
if (problem !== null) {
  process.stderr.write(`tollgate: ${problem}\n`)
  process.exit(2)
}
const { EXIT } = await import('./fault.js')
const { run } = await import('./program.js')
const { processTerminal } = await import('./terminal.js')

const exit = await run(process.argv.slice(2), processTerminal())
// an answer that could not be written has set it already
if (exit !== EXIT.ok || process.exitCode === undefined) process.exitCode = exit
