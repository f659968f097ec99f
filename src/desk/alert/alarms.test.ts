import { describe, expect, it } from 'vitest'
import { HOUR, MINUTE } from '../../engine/units.js'
import { alarmKey, CLEAR_MS, REMIND_MS, stepAlarms } from './alarms.js'
import type { Alarm, Finding } from './finding.js'
import type { RuleId } from './rules.js'

const T0 = Date.UTC(2026, 10, 20, 12)
const finding = (more: Partial<Finding> = {}): Finding => ({
  rule: 'conversion.low',
  key: 'signup',
  severity: 'warning',
  phase: '',
  title: 'signup: 12 % of codes come back',
  facts: ['3 of 25'],
  page: '/',
  service: 'signup',
  ...more,
})

/** Steps in a row over one state. */
function book() {
  const firing = new Map<string, Alarm>()
  return {
    firing,
    step(findings: Finding[], at: number, judged: RuleId[] = ['conversion.low']) {
      const { changed, notices } = stepAlarms(firing, findings, new Set(judged), at)
      for (const alarm of changed) {
        if (alarm.state === 'firing') firing.set(alarmKey(alarm), alarm)
        else firing.delete(alarmKey(alarm))
      }
      return notices.map(({ kind }) => kind)
    },
  }
}

describe('an alert', () => {
  it('is told once however often its condition is found', () => {
    const { step } = book()
    expect(step([finding()], T0)).toEqual(['firing'])
    for (let i = 1; i < 100; i++) expect(step([finding()], T0 + i * MINUTE)).toEqual([])
  })

  it('is one for each rule and key', () => {
    const { step, firing } = book()
    expect(step([finding(), finding({ key: 'login' })], T0)).toEqual(['firing', 'firing'])
    expect(step([finding({ rule: 'volume.peak' })], T0, ['volume.peak'])).toEqual(['firing'])
    expect(firing.size).toBe(3)
  })

  it('resolves once its condition was gone for five minutes, and fires anew with another id', () => {
    const { step, firing } = book()
    step([finding()], T0)
    const id = firing.values().next().value?.id
    expect(step([], T0 + MINUTE)).toEqual([])
    expect(step([], T0 + MINUTE + CLEAR_MS - 1)).toEqual([])
    expect(step([], T0 + MINUTE + CLEAR_MS)).toEqual(['resolved'])
    expect(step([], T0 + HOUR)).toEqual([])
    expect(step([finding()], T0 + HOUR)).toEqual(['firing'])
    expect(firing.values().next().value?.id).not.toBe(id)
  })

  it('does not waver with its condition', () => {
    const { step } = book()
    step([finding()], T0)
    for (let i = 1; i < 60; i++) expect(step(i % 2 ? [] : [finding()], T0 + i * MINUTE)).toEqual([])
  })

  it('is told again every four hours while it goes on', () => {
    const { step } = book()
    step([finding()], T0)
    expect(step([finding()], T0 + REMIND_MS - 1)).toEqual([])
    expect(step([finding()], T0 + REMIND_MS)).toEqual(['reminder'])
    expect(step([finding()], T0 + REMIND_MS + MINUTE)).toEqual([])
    expect(step([finding()], T0 + 2 * REMIND_MS)).toEqual(['reminder'])
  })

  it('is told when it gets worse, and not when it gets better', () => {
    const { step } = book()
    step([finding()], T0)
    expect(step([finding({ severity: 'critical' })], T0 + MINUTE)).toEqual(['raised'])
    expect(step([finding({ severity: 'warning' })], T0 + 2 * MINUTE)).toEqual([])
  })

  it('of an incident is told when it is contained, and resolves at once when it is closed', () => {
    const { step } = book()
    const attack = { rule: 'incident.attack', key: 'inc_1' } as const
    const judged: RuleId[] = ['incident.attack']
    expect(step([finding(attack)], T0, judged)).toEqual(['firing'])
    expect(step([finding({ ...attack, phase: 'contained' })], T0 + 1, judged)).toEqual(['update'])
    expect(step([], T0 + 2, judged)).toEqual(['resolved'])
  })

  it('stays as it is while its rule cannot be judged', () => {
    const { step, firing } = book()
    step([finding()], T0)
    expect(step([], T0 + HOUR, [])).toEqual([])
    expect(firing.size).toBe(1)
  })

  it('of a measure holds until the measure ends, though nothing remembers it', () => {
    const { step } = book()
    const judged: RuleId[] = ['measure.applied']
    step([finding({ rule: 'measure.applied', holdsUntil: T0 + HOUR })], T0, judged)
    expect(step([], T0 + MINUTE, judged)).toEqual([])
    expect(step([], T0 + HOUR, judged)).toEqual(['resolved'])
  })
})
