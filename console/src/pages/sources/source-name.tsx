import type { SourceRow } from '../../../../src/http/console/sources-view'
import { Country, Foreign, Mono, StateBadge } from '../../kit'
import classes from '../../traffic/traffic.module.css'

/** A source's key, and what is known of the network it is in. Devices and accounts are strings of strangers. */
export const SourceName = ({
  row: { kind, key, network, hosting, country },
}: {
  row: SourceRow
}) => (
  <span className={classes.name}>
    {kind === 'device' || kind === 'account' ? <Foreign text={key} /> : <Mono>{key}</Mono>}
    {network !== null && (
      <span className={classes.sub}>
        <bdi>{network}</bdi>
      </span>
    )}
    {country !== null && (
      <span className={classes.sub}>
        <Country code={country} />
      </span>
    )}
    {hosting && <StateBadge tone="warn">hosting</StateBadge>}
  </span>
)
