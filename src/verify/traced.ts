import { decide } from '../engine/decide.js'
import { tracedSender } from '../tracing/sends.js'
import { step } from '../tracing/span.js'
import { tracedLedger, tracedLines } from '../tracing/stores.js'
import type { CoreOptions, FactSources } from './core.js'
import type { GateOptions } from './gate.js'
import { tracedGate } from './traced-gate.js'
import type { Gate } from './types.js'

/** Where spans are put around the parts of a gate, or nothing is. */
export interface Spans {
  core(options: CoreOptions): CoreOptions
  parts(options: GateOptions): GateOptions
  gate(gate: Gate): Gate
}

const factsTraced = (facts: FactSources): FactSources => ({
  ...facts,
  parseNumber: step('facts.number', facts.parseNumber),
  sourceFacts: step('facts.source', facts.sourceFacts),
})

const TRACED: Spans = {
  core: (options) => ({
    ...options,
    lines: tracedLines(options.lines),
    facts: factsTraced(options.facts),
    decide: step('decide', decide, ({ decision }) => ({
      'tollgate.verdict': decision.verdict,
      'tollgate.would': decision.would,
    })),
  }),
  parts: (options) => ({
    ...options,
    ledger: tracedLedger(options.ledger),
    sender: tracedSender(options.sender),
  }),
  gate: tracedGate,
}

/** Nothing stands between the parts: not a call, not a test of a flag. */
const UNTRACED: Spans = {
  core: (options) => options,
  parts: (options) => options,
  gate: (gate) => gate,
}

export const spansWhen = (tracing: boolean | undefined): Spans =>
  tracing === true ? TRACED : UNTRACED
