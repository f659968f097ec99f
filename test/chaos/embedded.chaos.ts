import { GATEWAY_FAULTS } from './gateway-faults.js'
import { PROVIDER_FAULTS } from './provider-faults.js'
import { chaos } from './run.js'
import { openStage } from './stage.js'

chaos('embedded', [...GATEWAY_FAULTS, ...PROVIDER_FAULTS], () =>
  openStage({ gateways: 1, peoplePerSecond: 8, attacksPerSecond: 12, config: () => ({}) }),
)
