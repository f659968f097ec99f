import { Link } from 'wouter'
import type { CountryCourse, OverviewView } from '../../../../src/http/console/overview-view'
import { Count, countryName, Dot, Empty, Money, Percent, type Tone } from '../../kit'
import classes from './countries.module.css'

const TONES: Record<CountryCourse['against'], Tone> = {
  quiet: 'plain',
  fine: 'good',
  watch: 'warn',
  alarm: 'bad',
}
const WORDS: Record<CountryCourse['against'], string> = {
  quiet: 'too few sends to tell',
  fine: 'as usual',
  watch: 'below the usual',
  alarm: 'far below the usual',
}

/** A country a card, all drawn to their own scale of height and one of time. */
export const Countries = ({ view }: { view: OverviewView }) =>
  view.countries.length === 0 ? (
    <Empty title="No requests in this time" />
  ) : (
    <ul className={classes.grid}>
      {view.countries.map((country) => (
        <Small key={country.code} country={country} />
      ))}
    </ul>
  )

function Small({ country }: { country: CountryCourse }) {
  const { code, conversion, usual, against, sends, refusedNumbers, spend } = country
  return (
    <li className={classes.card} data-against={against}>
      <div className={classes.head}>
        <Link href={`/ranges?level=country&key=${code}`} className={classes.link}>
          {countryName(code)}
        </Link>
        <span className={classes.conversion}>
          <Dot tone={TONES[against]} /> <Percent share={conversion} />
        </span>
      </div>
      <Bars {...country} />
      <p className={classes.facts}>
        <span>
          <Count value={sends} /> {sends === 1 ? 'send' : 'sends'}, <Money micro={spend} />
          {refusedNumbers > 0 && (
            <>
              , <Count value={refusedNumbers} /> refused
            </>
          )}
        </span>
        <span>
          {usual === null ? (
            WORDS[against]
          ) : (
            <>
              {WORDS[against]} (<Percent share={usual} />)
            </>
          )}
        </span>
      </p>
    </li>
  )
}

const HEIGHT = 40

/** Sends by bucket, the verified ones filled. */
function Bars({ sendsBy, verifiedBy }: Pick<CountryCourse, 'sendsBy' | 'verifiedBy'>) {
  const most = Math.max(1, ...sendsBy)
  const bar = (values: readonly number[]): string =>
    values
      .map((value, at) => {
        const height = (value / most) * HEIGHT
        return height === 0 ? '' : `M${at} ${HEIGHT}v${-height}h0.8v${height}z`
      })
      .join('')
  return (
    <svg
      className={classes.bars}
      viewBox={`0 0 ${sendsBy.length} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path d={bar(sendsBy)} className={classes.sent} />
      <path d={bar(verifiedBy)} className={classes.verified} />
    </svg>
  )
}
