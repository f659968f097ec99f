/** The library: a gate in your own process. The server and the command line are the same gate behind HTTP. */
export type { Decision, Mode, Reason, Verdict } from './engine/decision.js'
export { DEFAULT_POLICY, DEFAULT_SERVICE } from './engine/defaults.js'
export type { NumberFacts, NumberProblem, NumberType } from './engine/facts.js'
export type { Policy, ServicePolicy } from './engine/policy.js'
export { REASON_CODES, REASONS, type ReasonCode } from './engine/reasons.js'
export { DAY, HOUR, MINUTE, SECOND, USD } from './engine/units.js'
export type { OutcomeKind, VerificationStatus } from './ledger/rows.js'
export { createGate, type LocalGate } from './library/create-gate.js'
export type { SendFunction } from './library/function-provider.js'
export {
  type CreateGateOptions,
  type MemoryStore,
  memory,
  type PolicyObject,
} from './library/options.js'
export {
  consoleSender,
  functionProvider,
  http,
  loadPrices,
  parsePrices,
  solvePow,
  twilio,
} from './library/parts.js'
export { ATTRIBUTION } from './network/source.js'
export { examplePrices, PriceFileError, type PriceTable } from './phone/prices.js'
export type { ConsoleOptions } from './send/console.js'
export type { HttpOptions } from './send/http.js'
export type {
  OutgoingMessage,
  Provider,
  Receipt,
  ReceiptRequest,
  SendResult,
} from './send/port.js'
export type { TwilioOptions } from './send/twilio.js'
export {
  type CheckResult,
  type Gate,
  type GateDecision,
  type GateRequest,
  LIFE_ERRORS,
  type LifeError,
  type LifeErrorCode,
  type OutcomeReport,
  type Result,
  type StartRequest,
  type StartResult,
  type VerificationView,
} from './verify/types.js'
