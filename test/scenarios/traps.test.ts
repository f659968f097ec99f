import { describeScenarios } from './describe.js'

describeScenarios('trap')
