import type { LabelledRow, Seen } from '../lab/actors/actor.js'
import { requestOf } from '../lab/credit.js'
import { createOutcomes } from '../lab/outcomes.js'
import type { TrafficRow } from '../lab/traffic.js'
import type { Receipt } from '../send/port.js'
import type { Gate, GateRequest, OutcomeReport } from '../verify/types.js'
import type { Phones, Waiting } from './phones.js'

/** A message that went out: by a decision of the gate's, or in a verification that the gate runs. */
type Sent =
  | { by: 'decision'; id: string; activates: boolean }
  | { by: 'verification'; whose: Waiting }

export interface ApplicationOptions {
  gate: Gate
  clock: () => number
  phones: Phones
  /** whether the gate runs the session of a request whole, code and check included; else it is asked for decisions only */
  isWhole: (session: string) => boolean
}

/** Sessions whose verification is remembered for "send again". */
const SESSIONS_MOST = 5_000
/** Calls on their way at one time: a gate slower than the simulation is waited for, not buried. */
const IN_FLIGHT = 64

/** People whose number was verified before sign in; everybody else signs up. */
const serviceOf = ({ row, label }: LabelledRow): string =>
  label === 'legit' && row.accountId !== null ? 'login' : row.service

const sessionOf = (row: TrafficRow): string => row.retryOf ?? row.id

/**
 * An application in front of a gate, as its users would write it: asks before each code, passes a challenge of its own for
 * those who solve it, enters codes and reports outcomes, all at the time of the simulation.
 */
export function createApplication(options: ApplicationOptions) {
  const { gate, clock, phones, isWhole } = options
  const reports: OutcomeReport[] = []
  const flight = new Set<Promise<unknown>>()
  const sessions = new Map<string, Waiting>()
  let telling: Promise<void> = Promise.resolve()

  const outcomes = createOutcomes<Sent>((what, sent, at) => {
    if (sent.by === 'verification') return what === 'verified' ? enter(sent.whose) : undefined
    if (what === 'matured') return
    reports.push({ id: sent.id, kind: what, at })
    if (what === 'verified' && sent.activates) reports.push({ id: sent.id, kind: 'activated', at })
  })

  /** A message is out: what becomes of it is laid out from now on. Any message of a session can end it. */
  const out = (row: TrafficRow, sent: Sent): void =>
    outcomes.sent({ ...row, id: sessionOf(row), at: clock() }, sent, Number.POSITIVE_INFINITY)

  phones.listen((whose) => out(whose.row, { by: 'verification', whose }))

  /** The code is typed in; one that comes too late is refused by the gate, and that is its end. */
  async function enter({ verificationId, code }: Waiting): Promise<void> {
    if (verificationId !== null && code !== null) await gate.check(verificationId, code)
  }

  async function verify(request: GateRequest, row: TrafficRow): Promise<Seen> {
    const before = row.retryOf === null ? undefined : sessions.get(row.retryOf)
    const whose = phones.wait(row, before?.verificationId ?? null)
    const id = before?.verificationId ?? null
    const answer = id === null ? await gate.start(request) : await gate.resend(id)
    if (!answer.ok) return 'refused'
    whose.verificationId = answer.value.verification.id
    sessions.set(sessionOf(row), whose)
    const [oldest] = sessions.keys()
    if (sessions.size > SESSIONS_MOST && oldest !== undefined) sessions.delete(oldest)
    const { verdict } = answer.value.decision
    return verdict === 'allow' ? 'sent' : verdict === 'challenge' ? 'challenged' : 'refused'
  }

  async function decide(request: GateRequest, row: TrafficRow): Promise<Seen> {
    const answer = await gate.decide(request)
    if (!answer.ok) return 'refused'
    const { id, verdict } = answer.value
    if (verdict !== 'allow') return verdict === 'challenge' ? 'challenged' : 'refused'
    out(row, { by: 'decision', id, activates: row.potential.activates })
    return 'sent'
  }

  async function goThrough(
    labelled: LabelledRow,
    ask: (request: GateRequest, row: TrafficRow) => Promise<Seen>,
  ): Promise<Seen> {
    const { row } = labelled
    const request = { ...requestOf(row), service: serviceOf(labelled) }
    const seen = await ask(request, row)
    if (seen !== 'challenged' || !row.potential.solves.pow) return seen
    return ask({ ...request, challengePassed: true }, row)
  }

  async function tell(
    receipts: ReadonlyMap<string, Receipt[]>,
    outcomes: readonly OutcomeReport[],
  ): Promise<void> {
    for (const [provider, due] of receipts) await gate.receive(provider, due)
    if (outcomes.length > 0) await gate.report(outcomes)
  }

  async function landed(): Promise<void> {
    while (flight.size > 0) await Promise.all(flight)
  }

  return {
    /** Whether the code of the row's session was entered already: nobody asks again then. */
    isDone: (row: TrafficRow): boolean => row.retryOf !== null && outcomes.wasVerified(row.retryOf),

    /** @returns how the request was answered; for people whose verification is on its way, `sent` */
    async ask(labelled: LabelledRow): Promise<Seen> {
      const { row, label } = labelled
      if (!isWhole(sessionOf(row))) return goThrough(labelled, decide)
      const asked = goThrough(labelled, verify)
      // an attacker looks at each answer before his next request
      if (label === 'attack') return asked
      if (flight.size >= IN_FLIGHT) await landed()
      const underWay: Promise<unknown> = asked.finally(() => flight.delete(underWay))
      flight.add(underWay)
      return 'sent'
    },

    /** Everything that becomes of messages up to now: codes entered, receipts. */
    advance: (now: number) => outcomes.advance(now),

    /**
     * Tells the gate what was learned since the last call. The gate answers when it is durable; the next requests do not
     * wait for that, the next call does.
     */
    async tell(now: number): Promise<void> {
      await telling
      telling = tell(phones.receiptsDue(now), reports.splice(0))
      // thrown by the next call or by settled(): until then nobody waits for it
      telling.catch(() => undefined)
    },

    /** Waits until everything that was asked and told is answered. */
    async settled(): Promise<void> {
      await landed()
      await telling
    },
  }
}

export type Application = ReturnType<typeof createApplication>
