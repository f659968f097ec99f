import { describe, expect, it } from 'vitest'
import type { Incident } from '../engine/detect/change.js'
import { isMeant, marksOf, placeOf, readQuestion } from './ranges.js'

describe('a question for a range', () => {
  it('reads a prefix in every spelling', () => {
    for (const text of ['+234 803', '00234803', '234803', '+234-803', '+234803…', ' +234803* '])
      expect(readQuestion(text)).toEqual({
        by: 'digits',
        prefix: '+234803',
        around: ['+23', '+234', '+2348', '+23480', '+234803'],
      })
  })

  it('reads words, and nothing from nothing', () => {
    expect(readQuestion('  MTN ')).toEqual({ by: 'words', words: 'mtn' })
    expect(readQuestion('  ')).toBeNull()
    expect(readQuestion('+')).toEqual({ by: 'words', words: '+' })
  })

  it('bounds what digits can ask', () => {
    expect(readQuestion('9'.repeat(60))).toMatchObject({ prefix: `+${'9'.repeat(15)}` })
  })

  it('knows countries by name or code, operators by name', () => {
    expect(isMeant('niger', 'country', 'NG')).toBe(true)
    expect(isMeant('ng', 'country', 'NG')).toBe(true)
    expect(isMeant('ng', 'country', 'MN')).toBe(false)
    expect(isMeant('mtn', 'operator', 'NG/MTN')).toBe(true)
    expect(isMeant('airtel', 'operator', 'NG/MTN')).toBe(false)
  })
})

const incident = (ranges: Partial<Incident['ranges'][number]>[], countries = ['NG']): Incident =>
  ({
    ...{ id: 'inc_1', kind: 'attack', state: 'open', service: 'signup', countries, sources: [] },
    ranges: ranges.map((range) => ({ country: 'NG', operatorRange: 'NG/MTN', ...range })),
  }) as unknown as Incident

const none = () => null
const place = {
  NG: placeOf('country', 'NG', '', none),
  GH: placeOf('country', 'GH', '', none),
  mtn: placeOf('operator', 'NG/MTN', 'NG', none),
  airtel: placeOf('operator', 'NG/Airtel', 'NG', none),
  block: placeOf('block', '+234803123', 'NG/MTN', none),
  sub: placeOf('subBlock', '+2348031234', '+234803123', () => 'NG/MTN'),
  other: placeOf('block', '+234803124', 'NG/MTN', none),
}

describe('what speaks of a range', () => {
  const names = (
    speaking: Partial<Parameters<typeof marksOf>[1]>,
    kind: 'incident' | 'quarantine' | 'measure',
  ) =>
    Object.entries(place)
      .filter(([, at]) =>
        marksOf(at, { incidents: [], quarantines: [], measures: [], ...speaking }).some(
          (mark) => mark.kind === kind,
        ),
      )
      .map(([name]) => name)

  it('is an incident in it or around it', () => {
    const on = (of: Incident) => names({ incidents: [of] }, 'incident')
    expect(on(incident([{ level: 'block', key: '+234803123' }]))).toEqual([
      'NG',
      'mtn',
      'block',
      'sub',
    ])
    expect(on(incident([]))).toEqual(['NG', 'mtn', 'airtel', 'block', 'sub', 'other'])
    expect(on({ ...incident([]), state: 'closed' })).toEqual([])
  })

  it('is a quarantine in it', () => {
    const quarantine = {
      ...{ service: 'signup', level: 'block' as const, key: '+234803123', country: 'NG' },
      ...{ operatorRange: 'NG/MTN', because: 'exhausted' as const, until: 9, strikes: 1 },
    }
    expect(names({ quarantines: [quarantine] }, 'quarantine')).toEqual([
      'NG',
      'mtn',
      'block',
      'sub',
    ])
    const [mark] = marksOf(place.block, { incidents: [], quarantines: [quarantine], measures: [] })
    expect(mark).toMatchObject({ text: 'in quarantine', until: 9 })
  })

  it('is a measure on it or on what it lies in', () => {
    const measure = (kind: 'country' | 'operator' | 'range', key: string) => ({
      ...{ id: 'mea_1', action: 'block' as const, limit: null, until: 9 },
      target: { kind, key, service: null },
    })
    const on = (...of: Parameters<typeof measure>) =>
      names({ measures: [measure(...of)] }, 'measure')
    expect(on('country', 'NG')).toEqual(['NG', 'mtn', 'airtel', 'block', 'sub', 'other'])
    expect(on('operator', 'NG/MTN')).toEqual(['mtn', 'block', 'sub', 'other'])
    expect(on('range', '+234803123')).toEqual(['block', 'sub'])
  })
})
