import { type LinesStage, openLinesStage, single } from './lines-stage.js'
import { SINGLE_FAULTS } from './redis-faults.js'
import { chaos } from './run.js'
import { playable } from './shared-stage.js'

chaos<LinesStage>('two gateways, one Redis', playable(SINGLE_FAULTS), () =>
  openLinesStage(2, single),
)
