#!/usr/bin/env node
import { EXIT } from './fault.js'
import { run } from './program.js'
import { processTerminal } from './terminal.js'

const exit = await run(process.argv.slice(2), processTerminal())
// an answer that could not be written has set it already
if (exit !== EXIT.ok || process.exitCode === undefined) process.exitCode = exit
