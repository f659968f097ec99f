import { ago, count, countryName, dayOf, momentIn, percent, timeOf, usd, utc } from './figures'
import { useNow } from './use-now'
import classes from './values.module.css'

/** An amount in micro-USD. */
export const Money = ({ micro }: { micro: number | null }) => (
  <span className={classes.figure}>{micro === null ? '–' : usd(micro)}</span>
)

/** A whole number. */
export const Count = ({ value }: { value: number | null }) => (
  <span className={classes.figure}>{value === null ? '–' : count(value)}</span>
)

/** A share, 0 to 1; `null` where there is nothing to take a share of. */
export const Percent = ({ share, digits }: { share: number | null; digits?: number }) => (
  <span className={classes.figure} {...(share === null && { title: 'nothing to measure yet' })}>
    {percent(share, digits)}
  </span>
)

const both = (at: number): string => `${dayOf(at)} ${timeOf(at, true)} here, ${utc(at)}`

/** How long ago or ahead, by the gateway's clock; the exact time on hover. */
export function Ago({ at }: { at: number }) {
  const now = useNow(10_000)
  return (
    <time dateTime={new Date(at).toISOString()} title={both(at)} className={classes.figure}>
      {ago(at, now)}
    </time>
  )
}

/** A time in the reader's time zone; today without the day. UTC on hover. */
export function When({ at, seconds = false }: { at: number; seconds?: boolean }) {
  const now = useNow(60_000)
  const today = dayOf(at) === dayOf(now)
  return (
    <time dateTime={new Date(at).toISOString()} title={both(at)} className={classes.figure}>
      {today ? timeOf(at, seconds) : `${dayOf(at)}, ${timeOf(at, seconds)}`}
    </time>
  )
}

/** A time with its day in a time zone that is not the reader's own, as of a report. UTC on hover. @param timeZone IANA */
export const WhenIn = ({ at, timeZone }: { at: number; timeZone: string }) => (
  <time dateTime={new Date(at).toISOString()} title={both(at)} className={classes.figure}>
    {momentIn(at, timeZone)}
  </time>
)

/** A country: name, and its code for those who know it. */
export const Country = ({ code }: { code: string }) => {
  const name = countryName(code)
  return (
    <span>
      {name}
      {name !== code && <span className={classes.code}>{code}</span>}
    </span>
  )
}

/** Identifiers, numbers, addresses: monospaced, isolated from the direction of the text around. */
export const Mono = ({ children }: { children: string }) => (
  <bdi className={classes.mono}>{children}</bdi>
)

/** A string that a stranger wrote (user agent, account id, label): as text, isolated, cut to a line, whole on hover and on cards. */
export const Foreign = ({ text, lines = 1 }: { text: string; lines?: 1 | 'all' }) => (
  <bdi
    className={lines === 1 ? classes.foreign : classes.whole}
    title={text}
    {...(lines === 1 && { 'data-cut': true })}
  >
    {text}
  </bdi>
)
