import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { commentsIn, editPolicy, type SettingPath, type SettingValue } from './edit.js'
import { diffLines } from './line-diff.js'
import { loadPolicy } from './load.js'
import { rebase } from './rebase.js'

const FILE = `# our policy, kept by the fraud desk
version: 1
mode: monitor # until the first of June

# what every service has
defaults:
  markets: [NG, GH] # home
  fraudBudget: 50 USD
  code:
    # six digits: the auditors asked
    digits: 6
    text: "{code} is your code"
services:
  signup:
    # the pump of March
    countries: { GB: challenge }
    rateLimits:
      # people mistype
      - { per: number, window: 10m, max: 3, action: challenge } # three
      - { per: ip, window: 1h, max: 10, action: deny }
  login: # nothing of its own
# the end
`

function edited(path: SettingPath, value: SettingValue | undefined, text = FILE): string {
  const policy = editPolicy(text)
  if (policy === null) throw new Error('no YAML')
  expect(policy.set(path, value)).toBe(true)
  return policy.text()
}

describe('an edit', () => {
  it('changes its line and no other', () => {
    const text = edited(['mode'], 'enforce')
    expect(text).toBe(FILE.replace('mode: monitor', 'mode: enforce'))
    expect(edited(['defaults', 'code', 'text'], 'it is # {code}')).toBe(
      FILE.replace('"{code} is your code"', '"it is # {code}"'),
    )
  })

  it('puts in blocks that are not there, also below a name with nothing behind it', () => {
    const text = edited(['services', 'login', 'code', 'digits'], 8)
    expect(loadPolicy(text).ok).toBe(true)
    expect(text.split('\n').slice(0, 17)).toEqual(FILE.split('\n').slice(0, 17))
    expect(parse(text).services.login).toEqual({ code: { digits: 8 } })
    expect(commentsIn(text)).toEqual(expect.arrayContaining(commentsIn(FILE)))
  })

  it('keeps the comments of the entries that stay in a list', () => {
    const { rateLimits } = parse(FILE).services.signup
    const more = [...rateLimits, { per: 'device', window: '1h', max: 5, action: 'challenge' }]
    const text = edited(['services', 'signup', 'rateLimits'], more)
    expect(parse(text).services.signup.rateLimits).toEqual(more)
    expect(text).toContain('# people mistype')
    expect(text).toContain('# three')
  })

  it('takes a setting out with the blocks it leaves empty, not its comments', () => {
    const text = edited(
      ['defaults', 'code', 'text'],
      undefined,
      edited(['defaults', 'code', 'digits'], undefined),
    )
    expect(parse(text).defaults).toEqual({ markets: ['NG', 'GH'], fraudBudget: '50 USD' })
    expect(text).toContain('six digits: the auditors asked')
    expect(loadPolicy(text).ok).toBe(true)
  })

  it('leaves the name of a service', () => {
    const text = edited(
      ['services', 'signup', 'rateLimits'],
      undefined,
      edited(['services', 'signup', 'countries'], undefined),
    )
    expect(Object.keys(parse(text).services)).toEqual(['signup', 'login'])
    expect(loadPolicy(text).ok).toBe(true)
  })

  it('does not touch aliases, and has nothing to edit in what is no YAML', () => {
    const policy = editPolicy('version: 1\ndefaults: &d { mode: enforce }\nservices: { a: *d }\n')
    expect(policy?.set(['services', 'a', 'mode'], 'monitor')).toBe(false)
    expect(editPolicy('a: [')).toBeNull()
    expect(editPolicy('- 1')).toBeNull()
  })

  const scope = fc.constantFrom(['defaults'], ['services', 'signup'], ['services', 'login'])
  const duration = fc.integer({ min: 1, max: 50 }).map((n) => `${n}m`)
  const setting = fc.oneof(
    fc.tuple(fc.constant(['mode']), fc.constantFrom('monitor', 'enforce')),
    fc.tuple(fc.constant(['outside']), fc.constantFrom('credit', 'challenge', 'hold', 'deny')),
    fc.tuple(
      fc.constant(['fraudBudget']),
      fc.integer({ min: 1, max: 900 }).map((n) => `${n} USD`),
    ),
    fc.tuple(fc.constant(['markets']), fc.subarray(['NG', 'GH', 'KE', 'ZA', 'GB'])),
    fc.tuple(fc.constant(['code', 'digits']), fc.integer({ min: 4, max: 10 })),
    fc.tuple(
      fc.constant(['code', 'text']),
      fc.constantFrom('{code}', 'it: is # {code}', "'{code}"),
    ),
    fc.tuple(fc.constant(['session']), duration),
    fc.tuple(
      fc.constant(['countries']),
      fc.dictionary(fc.constantFrom('GB', 'SN', 'NO'), fc.constantFrom('hold', 'deny')),
    ),
    fc.tuple(
      fc.constant(['rateLimits']),
      fc.array(
        fc.record({
          per: fc.constantFrom('ip', 'number', 'network'),
          window: duration,
          max: fc.integer({ min: 1, max: 99 }),
          action: fc.constantFrom('challenge', 'deny'),
        }),
        { maxLength: 4 },
      ),
    ),
    fc.tuple(fc.constant(['lists', 'deny']), fc.subarray(['+23480*', 'AS64500', 'device:#1'])),
  ) as unknown as fc.Arbitrary<[string[], SettingValue]>
  const edit = fc.tuple(scope, setting, fc.boolean())

  it('says what was set, leaves the rest as it was, and keeps comments', () => {
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 6 }), (edits) => {
        let text = FILE
        for (const [block, [path, value], takesOut] of edits) {
          const full = [...block, ...path]
          const before = parse(text)
          const comments = commentsIn(text)
          text = edited(full, takesOut ? undefined : value, text)
          const after = parse(text)
          const at = (root: unknown): unknown =>
            full.reduce<unknown>(
              (node, key) => (node as Record<string, unknown> | null | undefined)?.[key],
              root,
            )
          expect(at(after)).toEqual(takesOut ? undefined : value)
          // nothing else has changed: with the setting out of both, they are alike but for empty blocks
          const bare = (root: unknown): string =>
            JSON.stringify(root, (_, v) =>
              v === null || (typeof v === 'object' && Object.keys(v).length === 0) ? undefined : v,
            )
          const without = (root: unknown): unknown => {
            const copy = structuredClone(root) as Record<string, unknown>
            const parent = full
              .slice(0, -1)
              .reduce<unknown>((n, k) => (n as Record<string, unknown> | null)?.[k], copy)
            if (typeof parent === 'object' && parent !== null)
              delete (parent as Record<string, unknown>)[full.at(-1) ?? '']
            return copy
          }
          expect(sorted(bare(JSON.parse(bare(without(after)))))).toBe(
            sorted(bare(JSON.parse(bare(without(before))))),
          )
          // a list that is given anew keeps the comments of what stays in it, no others
          if (path[0] !== 'rateLimits') expect(commentsIn(text).sort()).toEqual(comments.sort())
        }
      }),
      { seed: 5, numRuns: 120 },
    )
  })
})

/** Keys in one order, and no blocks that became empty. */
function sorted(json: string): string {
  const tidy = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(tidy)
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value)
      .map(([key, item]) => [key, tidy(item)] as const)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
    return entries.length === 0 ? undefined : Object.fromEntries(entries)
  }
  return JSON.stringify(tidy(JSON.parse(json)))
}

describe('two people who edit one version', () => {
  it('keep both their changes, with the comments of the one who was first', () => {
    const mine = edited(['services', 'signup', 'countries', 'SN'], 'deny')
    const theirs = edited(['defaults', 'code', 'digits'], 8)
    const { text, overlaps } = rebase(FILE, mine, theirs)
    expect(overlaps).toEqual([])
    const both = parse(text ?? '')
    expect(both.services.signup.countries).toEqual({ GB: 'challenge', SN: 'deny' })
    expect(both.defaults.code.digits).toBe(8)
    expect(commentsIn(text ?? '')).toEqual(commentsIn(FILE))
  })

  it('are told what both changed', () => {
    const mine = edited(['mode'], 'enforce')
    const theirs = edited(['mode'], 'monitor', edited(['defaults', 'fraudBudget'], '9 USD'))
    const changed = edited(['defaults', 'fraudBudget'], '7 USD', mine)
    const { text, overlaps } = rebase(FILE, changed, theirs)
    expect(overlaps).toEqual(['defaults.fraudBudget'])
    expect(parse(text ?? '')).toMatchObject({ mode: 'enforce', defaults: { fraudBudget: '7 USD' } })
  })

  it('take out what one took out', () => {
    const mine = edited(['services', 'signup', 'countries'], undefined)
    const { text } = rebase(FILE, mine, edited(['mode'], 'enforce'))
    expect(parse(text ?? '')).toMatchObject({ mode: 'enforce' })
    expect(parse(text ?? '').services.signup.countries).toBeUndefined()
  })
})

describe('lines that differ', () => {
  it('make the new text out of the old one', () => {
    const words = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 })
    fc.assert(
      fc.property(words, words, (a, b) => {
        const lines = diffLines(a.join('\n'), b.join('\n'))
        const of = (kind: 'added' | 'removed'): string[] =>
          lines.filter((line) => line.kind === 'same' || line.kind === kind).map(({ text }) => text)
        expect(of('added').join('\n')).toBe(b.join('\n'))
        expect(of('removed').join('\n')).toBe(a.join('\n'))
      }),
      { seed: 6 },
    )
  })

  it('are only those of the place that was changed', () => {
    const changed = diffLines(FILE, FILE.replace('50 USD', '70 USD'))
    expect(changed.filter(({ kind }) => kind !== 'same')).toEqual([
      { kind: 'removed', text: '  fraudBudget: 50 USD', line: 8 },
      { kind: 'added', text: '  fraudBudget: 70 USD', line: 8 },
    ])
  })
})
