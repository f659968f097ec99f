import { Link } from 'wouter'
import type { Mark } from '../../../src/http/console/ranges-view'
import { StateBadge, type Tone, When } from '../kit'
import classes from './traffic.module.css'

const TONE: Record<Mark['kind'], Tone> = { incident: 'bad', quarantine: 'warn', measure: 'accent' }

const MarkBadge = ({ kind, text, until }: Mark) => (
  <StateBadge tone={TONE[kind]}>
    {/* one thing: between the parts of a badge no space is kept */}
    <span>
      {text}
      {until !== null && (
        <>
          {' until '}
          <When at={until} />
        </>
      )}
    </span>
  </StateBadge>
)

/** Incidents, quarantines and measures that speak of a row. */
export const Marks = ({ marks }: { marks: readonly Mark[] }) =>
  marks.length === 0 ? null : (
    <span className={classes.marks}>
      {marks.map((mark) => (
        <span key={`${mark.kind} ${mark.id ?? mark.text}`}>
          {mark.kind === 'incident' && mark.id !== null ? (
            <Link href={`/incidents/${encodeURIComponent(mark.id)}`}>
              <MarkBadge {...mark} />
            </Link>
          ) : (
            <MarkBadge {...mark} />
          )}
        </span>
      ))}
    </span>
  )
