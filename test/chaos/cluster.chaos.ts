import { GATEWAY_FAULTS } from './gateway-faults.js'
import { POSTGRES_FAULTS } from './postgres-faults.js'
import { PROVIDER_FAULTS } from './provider-faults.js'
import { REDIS_FAULTS } from './redis-faults.js'
import { chaos } from './run.js'
import { openSharedStage, playable, type SharedStage } from './shared-stage.js'

/** What a provider does is the same to every topology; here it is what several gateways could make worse. */
const PROVIDER = ['provider-500', 'provider-silent', 'receipts-thrice']

chaos<SharedStage>(
  'three gateways',
  playable([
    ...GATEWAY_FAULTS,
    ...REDIS_FAULTS,
    ...POSTGRES_FAULTS,
    ...PROVIDER_FAULTS.filter(({ name }) => PROVIDER.includes(name)),
  ]),
  () => openSharedStage(3),
)
