import { describe, expect, test } from 'vitest'
import { SECTION_ROWS } from '../queries/sections.js'
import { sectionFilters } from './section-filters.js'

const numbers = (section: number): string[] =>
  Array.from({ length: SECTION_ROWS }, (_, i) => `+2348${section * SECTION_ROWS + i}`)
const strangers = Array.from({ length: 10_000 }, (_, i) => `+447${i}`)

describe('filters of sections', () => {
  test('know every number of their section, and few others for one of theirs', () => {
    const filters = sectionFilters(numbers)
    filters.learn(0)
    expect(numbers(0).every((number) => filters.mayHave(0, number))).toBe(true)
    const taken = strangers.filter((number) => filters.mayHave(0, number)).length
    expect(taken / strangers.length).toBeLessThan(0.03)
  })

  test('rule nothing out in a section that nobody has read', () => {
    const filters = sectionFilters(numbers)
    expect(filters.mayHave(0, strangers[0] ?? '')).toBe(true)
  })

  test('are kept for the newest sections', () => {
    const filters = sectionFilters(() => [])
    for (let section = 1; section <= 300; section++) filters.learn(section)
    filters.learn(2)
    const known = Array.from({ length: 301 }, (_, n) => n).filter((n) => filters.knows(n))
    expect([known[0], known.at(-1), known.length]).toEqual([45, 300, 256])
  })
})
