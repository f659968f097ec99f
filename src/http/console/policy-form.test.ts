import { describe, expect, it } from 'vitest'
import { type FormScope, fieldState, withSetting } from '../../policy/form.js'
import { loadPolicy } from '../../policy/load.js'
import { scopesOf } from './policy-show.js'

const TEXT = `version: 1
mode: monitor
defaults:
  fraudBudget: 20 USD # agreed with finance
services:
  signup:
    code: { digits: 8 }
`

function scopes(text: string): Map<string, FormScope> {
  const loaded = loadPolicy(text)
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors))
  return new Map(scopesOf(loaded).map((scope) => [scope.name, scope]))
}

function scope(name: string, text = TEXT): FormScope {
  const found = scopes(text).get(name)
  if (found === undefined) throw new Error(`no ${name}`)
  return found
}

describe('the form', () => {
  it('shows what is written, and else what is in effect and where it comes from', () => {
    const signup = scope('signup')
    expect(fieldState(TEXT, signup, ['code', 'digits'])).toEqual({
      value: 8,
      own: true,
      from: 'line 7',
    })
    expect(fieldState(TEXT, signup, ['fraudBudget'])).toEqual({
      value: '20.00 USD',
      own: false,
      from: 'from all services, line 4',
    })
    expect(fieldState(TEXT, signup, ['mode'])).toEqual({
      value: 'monitor',
      own: false,
      from: 'from all services, line 2',
    })
    expect(fieldState(TEXT, signup, ['code', 'expires'])).toEqual({
      value: '10m',
      own: false,
      from: 'built in',
    })
    expect(fieldState(TEXT, signup, ['rateLimits']).from).toBe('built in')
  })

  it('and the text are always in step: what the form sets is what the gate reads, and back', () => {
    const changes: [string, string[], string | number | string[]][] = [
      ['defaults', ['mode'], 'enforce'],
      ['defaults', ['markets'], ['NG', 'GH']],
      ['signup', ['code', 'digits'], 6],
      ['signup', ['fraudBudget'], '7 USD'],
      ['signup', ['outside'], 'deny'],
    ]
    let text = TEXT
    for (const [name, path, value] of changes) {
      const next = withSetting(text, scope(name, text), path, value)
      expect(next).not.toBeNull()
      text = next ?? ''
      expect(fieldState(text, scope(name, text), path)).toMatchObject({ value, own: true })
    }
    expect(text).toContain('# agreed with finance')
    const loaded = loadPolicy(text)
    expect(loaded.ok && loaded.policy.services.signup).toMatchObject({
      mode: 'enforce',
      markets: ['NG', 'GH'],
      outside: 'deny',
      fraudBudgetMicroUsd: 7_000_000,
    })
    const back = withSetting(text, scope('signup', text), ['fraudBudget'], undefined) ?? ''
    expect(fieldState(back, scope('signup', back), ['fraudBudget'])).toMatchObject({
      value: '20.00 USD',
      own: false,
    })
  })

  it('leaves to the hand what it cannot change', () => {
    expect(withSetting('version: [', scope('signup'), ['mode'], 'enforce')).toBeNull()
  })
})
