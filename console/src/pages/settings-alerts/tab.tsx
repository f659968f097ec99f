import { Column, useMe } from '../../kit'
import { Deliveries } from './deliveries'
import { Firing } from './firing'
import { Rules } from './rules'
import { Sinks } from './sinks'

/** Settings, Alerts: what fires, who is told, what was delivered, and the rules. */
export function Tab() {
  const me = useMe()
  return (
    <Column>
      <Firing />
      {me.can('analyst') && <Sinks />}
      {me.can('analyst') && <Deliveries />}
      <Rules />
    </Column>
  )
}
