import { expect, it } from 'vitest'
import { asking, nigerian } from '../../../test/fakes/asked-rows.js'
import { DAY } from '../../engine/units.js'
import { createGitlabDialCode } from './gitlab-dial-code.js'

it('asks for a card once more than 50 went to a dial code in 24 hours', () => {
  const { many, ask } = asking(createGitlabDialCode())
  const verdicts = many(60, 0, (i) => ({ to: nigerian(i) }))
  expect(verdicts.filter((v) => v === 'allow')).toHaveLength(51)
  expect(ask(100, { to: nigerian(100) })).toMatchObject({ verdict: 'challenge', proof: 'channel' })
  expect(ask(101, { to: '+447400123456' }).verdict).toBe('allow')
  expect(ask(DAY, { to: nigerian(101) }).verdict).toBe('allow')
})

it('lets 800 to +1, and whoever has a card', () => {
  const { many, ask } = asking(createGitlabDialCode())
  const american = (i: number) => ({ to: `+1415555${2_000 + i}` })
  expect(many(810, 0, american).filter((v) => v === 'allow')).toHaveLength(801)
  expect(ask(900, american(900), true).verdict).toBe('allow')
})
