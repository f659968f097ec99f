import { behindSentinels, type LinesStage, openLinesStage } from './lines-stage.js'
import { SENTINEL_FAULTS } from './redis-faults.js'
import { chaos } from './run.js'
import { playable } from './shared-stage.js'

chaos<LinesStage>('two gateways, sentinels', playable(SENTINEL_FAULTS), () =>
  openLinesStage(2, behindSentinels),
)
