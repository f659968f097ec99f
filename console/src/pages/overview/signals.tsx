import type { SignalView } from '../../../../src/http/console/overview-view'
import { count, countryName, Dot, Foreign, percent, span, type Tone, useNow } from '../../kit'
import classes from './signals.module.css'

const TONES: Record<SignalView['state'], Tone> = {
  quiet: 'plain',
  fine: 'good',
  watch: 'warn',
  alarm: 'bad',
}
const WORDS: Record<SignalView['state'], string> = {
  quiet: 'too little to tell',
  fine: 'fine',
  watch: 'watch',
  alarm: 'alarm',
}
const RANK: Record<SignalView['state'], number> = { quiet: 0, fine: 1, watch: 2, alarm: 3 }

const asShare = (value: number | null): string => percent(value, 0)
const asCount = (value: number | null): string => (value === null ? '–' : count(value))

interface Kind {
  id: SignalView['id']
  name: string
  value: (value: number | null) => string
  /** when it alarms */
  limit: (threshold: number | null) => string
}

const KINDS: readonly Kind[] = [
  {
    id: 'burst',
    name: 'Requests in 5 min',
    value: asCount,
    limit: (threshold) =>
      threshold === null
        ? 'nothing is usual before a day of traffic'
        : `alarm over ${count(threshold)}, twice the usual peak`,
  },
  {
    id: 'conversion15',
    name: 'Verified of sends, 15 min',
    value: asShare,
    limit: (threshold) => `alarm under ${asShare(threshold)}, healthy from 60 %`,
  },
  {
    id: 'conversion60',
    name: 'Verified of sends, 1 h',
    value: asShare,
    limit: (threshold) => `alarm under ${asShare(threshold)}, healthy from 60 %`,
  },
  {
    id: 'country',
    name: 'New countries, 24 h',
    value: asCount,
    limit: () => 'alarm on any not seen in 30 days',
  },
  {
    id: 'cluster',
    name: 'Largest single source, 1 h',
    value: asShare,
    limit: (threshold) => `alarm from ${asShare(threshold)} of requests by one address or device`,
  },
  {
    id: 'failing',
    name: 'Messages not delivered, 1 h',
    value: asShare,
    limit: (threshold) => `alarm from ${asShare(threshold)} of sends`,
  },
]

/** Each signal as it stands in the service where it is worst. */
export const Signals = ({ signals }: { signals: readonly SignalView[] }) => (
  <ul className={classes.list}>
    {KINDS.map((kind) => {
      const all = signals.filter(({ id }) => id === kind.id)
      const worst = [...all].sort((a, b) => RANK[b.state] - RANK[a.state] || b.count - a.count)[0]
      return <Row key={kind.id} kind={kind} signal={worst} of={all.length} />
    })}
  </ul>
)

function Row({ kind, signal, of }: { kind: Kind; signal: SignalView | undefined; of: number }) {
  const now = useNow(10_000)
  const state = signal?.state ?? 'quiet'
  const loud = state === 'alarm' || state === 'watch'
  const named = kind.id === 'country' ? signal?.about.map(countryName) : signal?.about
  return (
    <li className={classes.row} data-state={state}>
      <Dot tone={TONES[state]} />
      <div className={classes.what}>
        <span className={classes.name}>{kind.name}</span>
        <span className={classes.limit}>
          {kind.limit(signal?.threshold ?? null)}
          {loud && signal?.service && of > 1 && (
            <>
              {', in '}
              <Foreign text={signal.service} />
            </>
          )}
          {named !== undefined && named.length > 0 && (
            <>
              {': '}
              <Foreign text={named.join(', ')} />
            </>
          )}
        </span>
      </div>
      <div className={classes.state}>
        <span className={classes.value}>{kind.value(signal?.value ?? null)}</span>
        <span className={classes.word}>
          {WORDS[state]}
          {signal?.since != null && ` for ${span(now - signal.since)}`}
        </span>
      </div>
    </li>
  )
}
