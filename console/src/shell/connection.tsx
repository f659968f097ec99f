import { Dot, type Tone } from '../kit/badges'
import { timeOf } from '../kit/figures'
import { useLive } from '../kit/use-now'
import classes from './shell.module.css'

/** Whether what the page shows is of now. */
export function Connection() {
  const { connection } = useLive()
  const [tone, words]: [Tone, string] =
    connection.is === 'live'
      ? ['good', 'Live']
      : connection.is === 'opening'
        ? ['plain', 'Connecting']
        : connection.is === 'reconnecting'
          ? ['warn', `Reconnecting since ${timeOf(connection.since, true)}`]
          : ['bad', `No updates since ${timeOf(connection.since, true)}`]
  return (
    <span className={classes.connection} role="status">
      <Dot tone={tone} />
      {words}
    </span>
  )
}
