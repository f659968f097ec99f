/**
 * What was seen of a run from outside: what clients were answered, what the provider was handed, and what the ledger
 * says at the end. Plain data, so that the invariants are judged after the run and can be shown to fail on a forged one.
 * All times are monotonic milliseconds of the process that looks on.
 */
export interface RunRecord {
  attempts: Attempt[]
  messages: Message[]
  faults: FaultSpan[]
  outages: Outage[]
  /** by id of the verification, read through the API when all was over; `null` when it is not there */
  verifications: Map<string, FinalVerification | null>
  /** decisions that the ledger has for each number: how many let a message through */
  allowed: Map<string, number>
  /** what the policy says can be lost, micro-USD, by country of the attack */
  bounds: Map<string, CountryBound>
  /** gateways on one store of lines; 1 where each keeps its own */
  gateways: number
}

/** Who calls: people who enter the codes they get, and the attack that never does. */
export type Caller = 'person' | 'attack'

/** One HTTP request, answered or not. */
export interface Attempt {
  by: Caller
  /** who exactly; a person keeps the number */
  who: number
  to: string
  gateway: number
  call: 'start' | 'resend' | 'solve' | 'check'
  /** one operation of a client, kept over its retries; what goes out as Idempotency-Key where the call takes one */
  operation: string
  verification: string | null
  from: number
  until: number
  end: AttemptEnd
}

export type AttemptEnd =
  | {
      status: number
      /** code of the problem, where it was one */
      problem: string | null
      /** id of the verification in the answer */
      id: string | null
      /** status of the verification in the answer */
      state: string | null
      /** of a check: the code was right */
      verified: boolean
      /** decided without the shared lines, on the gateway's own share of the credit */
      degraded: boolean
    }
  /** no answer: the client gave up waiting, or the connection failed */
  | { failed: 'gave up' | 'refused' | 'broken'; detail: string }

/** A message that the provider took on. */
export interface Message {
  at: number
  /** the sender's idempotency key */
  key: string
  to: string
  body: string
}

export interface FaultSpan {
  name: string
  from: number
  /** the fault is taken away */
  until: number
  /** the next fault begins, or the run is over */
  end: number
  /** gateways that are to serve again after it */
  gateways: readonly number[]
  /** how far the clock of a gateway was moved, ms */
  clockMs: number
}

/** A gateway that was killed, stopped or not yet up again: nobody can ask it for an answer. */
export interface Outage {
  gateway: number
  from: number
  until: number
}

export interface FinalVerification {
  to: string
  status: string
  sends: number
}

export interface CountryBound {
  /** as numbers of it begin */
  prefix: string
  priceMicroUsd: number
  hourMicroUsd: number
  dayMicroUsd: number
  /** of one block of 10,000 numbers */
  blockHourMicroUsd: number
  blockDayMicroUsd: number
}
