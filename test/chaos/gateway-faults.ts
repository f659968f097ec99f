import type { Fault } from './fault.js'
import type { GatewayProcess } from './gateway.js'
import type { Stage } from './stage.js'

const HOUR_MS = 3_600_000

const first = ({ gateways }: Stage): GatewayProcess => {
  const [gateway] = gateways
  if (gateway === undefined) throw new Error('a stage has a gateway')
  return gateway
}

const clock = (name: string, what: string, ms: number): Fault => ({
  name,
  what,
  clockMs: ms,
  begin: (stage) => first(stage).moveClock(ms),
  end: (stage) => first(stage).moveClock(0),
})

/** What happens to the first gateway, whatever its stores are. */
export const GATEWAY_FAULTS: readonly Fault[] = [
  {
    name: 'gateway-kill',
    what: 'kill -9 of a gateway, started again after 2 s',
    holdMs: 2_000,
    begin: (stage) => first(stage).kill(),
    end: (stage) => first(stage).start(),
  },
  {
    name: 'gateway-restart',
    what: 'a gateway is told to end (SIGTERM) and started again',
    holdMs: 0,
    async begin(stage) {
      const code = await first(stage).end()
      if (code !== 0) throw new Error(`it ended with ${code}:\n${first(stage).log().slice(-2_000)}`)
    },
    end: (stage) => first(stage).start(),
  },
  {
    name: 'gateway-stopped',
    what: 'a gateway stands still (SIGSTOP) for 8 s',
    holdMs: 8_000,
    begin: (stage) => first(stage).pause(),
    end: (stage) => first(stage).resume(),
  },
  clock('clock-ahead', "a gateway's clock steps an hour ahead, and back", HOUR_MS),
  clock('clock-behind', "a gateway's clock steps an hour back, and ahead", -HOUR_MS),
]
