import { PEER_NAMES, PEERS } from '../lab/peers/all.js'
import type { Decider } from '../lab/replay-decided.js'
import { createIncidentList } from '../lab/replay-incidents.js'
import { createPeerDecider } from '../lab/replay-peer.js'
import { createRowFacts } from '../lab/row-facts.js'
import { createNetwork } from '../network/source.js'
import { createPhone } from '../phone/parse.js'
import type { Config } from './config.js'
import { asUsage, usageFault } from './fault.js'
import { readPolicy } from './policy-file.js'
import { pricesOf } from './price-source.js'

/** Somebody else's rules, as published, with the markets that the policy names. They open no incidents. */
export async function peerDecider(
  name: string,
  config: Config,
): Promise<{ decider: Decider; incidents: ReturnType<typeof createIncidentList> }> {
  const known = PEER_NAMES.find((peer) => peer === name)
  if (known === undefined)
    throw usageFault(
      `--peer: there are no rules "${name}"`,
      `give list, or one of ${PEER_NAMES.join(', ')}`,
    )
  const { services, fallback } = readPolicy(config.policy).policy
  const markets = [
    ...new Set([...Object.values(services), fallback].flatMap((service) => service?.markets ?? [])),
  ]
  const { defaultCountry, network } = config
  const prices = await pricesOf(config)
  const rowFacts = await asUsage('', () =>
    createRowFacts({
      parseNumber: createPhone(defaultCountry === null ? {} : { defaultCountry }).parse,
      sourceFacts: createNetwork(network).sourceFacts,
      priceOf: prices.priceOf,
      numberKey: (e164) => e164,
    }),
  )
  return {
    decider: createPeerDecider(PEERS[known]({ markets }), rowFacts),
    incidents: createIncidentList(),
  }
}
