import { describeScenarios } from './describe.js'

describeScenarios('attack')
