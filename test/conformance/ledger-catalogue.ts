import { describe, expect, test } from 'vitest'
import type { Ledger } from '../../src/ledger/port.js'
import { T0 } from './ledger-rows.js'

const ids = (rows: readonly { id: string }[]) => rows.map((row) => row.id)

/** What operators put there: policies, keys, lists, services; and what they did. @param ledger the one of the running test, empty */
export function ledgerCatalogue(ledger: () => Ledger): void {
  describe('policies, keys, lists, services, actions', () => {
    test('policies are numbered from one and never change', async () => {
      expect(await ledger().policy()).toBeNull()
      expect(await ledger().putPolicy({ at: T0, by: 'file', yaml: 'version: 1', note: null })).toBe(
        1,
      )
      expect(
        await ledger().putPolicy({ at: T0 + 1, by: 'key-1', yaml: 'version: 1 # b', note: 'n' }),
      ).toBe(2)
      expect(await ledger().policy()).toEqual({
        version: 2,
        at: T0 + 1,
        by: 'key-1',
        yaml: 'version: 1 # b',
        note: 'n',
      })
      expect(await ledger().policy(1)).toMatchObject({ version: 1, by: 'file', note: null })
      expect(await ledger().policy(3)).toBeNull()
      expect((await ledger().policies(10)).map((row) => row.version)).toEqual([2, 1])
      expect((await ledger().policies(1)).map((row) => row.version)).toEqual([2])
    })

    test('keys are put, replaced and revoked once', async () => {
      const row = {
        id: 'k1',
        secretHash: 'x',
        name: 'web',
        scopes: ['verify', 'read'],
        createdAt: T0,
        revokedAt: null,
      }
      await ledger().putKey(row)
      await ledger().putKey({ ...row, id: 'k2', createdAt: T0 - 1 })
      await ledger().putKey({ ...row, name: 'renamed' })
      expect(await ledger().key('k1')).toEqual({ ...row, name: 'renamed' })
      expect(await ledger().key('nobody')).toBeNull()
      expect(ids(await ledger().keys())).toEqual(['k2', 'k1'])
      expect(await ledger().revokeKey('k1', T0 + 5)).toBe(true)
      expect(await ledger().revokeKey('k1', T0 + 6)).toBe(false)
      expect(await ledger().revokeKey('nobody', T0)).toBe(false)
      expect((await ledger().key('k1'))?.revokedAt).toBe(T0 + 5)
    })

    test('list entries are in force until they expire', async () => {
      const row = {
        list: 'deny',
        entry: '+23480312',
        source: 'console',
        createdAt: T0,
        expiresAt: T0 + 10,
      } as const
      await ledger().putListEntry(row)
      await ledger().putListEntry({ ...row, list: 'allow', expiresAt: null })
      expect(await ledger().listEntries(T0 + 9)).toEqual([
        { ...row, list: 'allow', expiresAt: null },
        row,
      ])
      expect((await ledger().listEntries(T0 + 10)).map((entry) => entry.list)).toEqual(['allow'])
      const one = (list: 'allow' | 'deny', now: number) => ledger().listEntry(list, row.entry, now)
      expect([await one('deny', T0 + 9), await one('deny', T0 + 10)]).toEqual([row, null])
      expect(await one('allow', T0 + 10)).toEqual({ ...row, list: 'allow', expiresAt: null })
      expect(await ledger().listEntry('allow', '+2348031', T0)).toBeNull()
      await ledger().putListEntry({ ...row, expiresAt: T0 + 30, source: 'api' })
      expect((await ledger().listEntries(T0 + 10))[1]).toMatchObject({
        source: 'api',
        expiresAt: T0 + 30,
      })
      expect(await ledger().removeListEntry('deny', '+23480312')).toBe(true)
      expect(await ledger().removeListEntry('deny', '+23480312')).toBe(false)
    })

    test('the mark of the lists is another one whenever other entries are in force', async () => {
      const row = { list: 'deny', source: 'console', createdAt: T0, expiresAt: T0 + 10 } as const
      const marks = [await ledger().listsMark(T0)]
      const then = async (change: Promise<unknown> | null, now = T0) => {
        await change
        marks.push(await ledger().listsMark(now))
        expect(await ledger().listsMark(now)).toBe(marks.at(-1))
      }
      await then(ledger().putListEntry({ ...row, entry: '+23480312' }))
      await then(ledger().putListEntry({ ...row, entry: '+23480313' }))
      await then(ledger().putListEntry({ ...row, entry: '+23480313', list: 'allow' }))
      await then(ledger().putListEntry({ ...row, entry: '+23480312', expiresAt: null }))
      await then(ledger().putListEntry({ ...row, entry: '+23480312', expiresAt: T0 + 9 }))
      await then(null, T0 + 9)
      await ledger().removeListEntry('allow', '+23480313')
      await then(ledger().putListEntry({ ...row, entry: '+23480314', createdAt: T0 + 1 }), T0 + 9)
      expect(new Set(marks).size).toBe(marks.length)
    })

    test('services are put and replaced', async () => {
      const row = {
        sid: 'VA1',
        name: 'signup',
        friendlyName: 'Sign-up',
        codeLength: 6,
        createdAt: T0,
        updatedAt: T0,
      }
      await ledger().putService(row)
      await ledger().putService({ ...row, codeLength: 4, updatedAt: T0 + 1 })
      expect(await ledger().service('VA1')).toEqual({ ...row, codeLength: 4, updatedAt: T0 + 1 })
      expect(await ledger().service('VA2')).toBeNull()
      expect(await ledger().services()).toHaveLength(1)
    })

    test('actions are listed newest first', async () => {
      const row = {
        at: T0,
        actor: 'key-1',
        action: 'block',
        target: '+23480312',
        detail: { until: T0 },
      }
      ledger().append([
        { table: 'actions', row },
        { table: 'actions', row: { ...row, action: 'allow', detail: null } },
      ])
      const [second, first] = await ledger().actions(10)
      expect(first).toMatchObject(row)
      expect(second).toMatchObject({ action: 'allow', detail: null })
      expect(second?.seq).toBeGreaterThan(first?.seq ?? Number.NaN)
      expect(await ledger().actions(1)).toHaveLength(1)
    })

    test('actions are found by who, by what, and page by page', async () => {
      const acts = [
        ['user:a', 'user.invite'],
        ['user:a', 'user.role'],
        ['user:b', 'user.role'],
        ['user:a', 'userland'],
      ] as const
      ledger().append(
        acts.map(([actor, action], i) => ({
          table: 'actions',
          row: { at: T0 + i, actor, action, target: `t${i}`, detail: null },
        })),
      )
      const found = async (...given: Parameters<Ledger['actions']>) =>
        (await ledger().actions(...given)).map(({ target }) => target)
      expect(await found(10, { actor: 'user:a' })).toEqual(['t3', 't1', 't0'])
      expect(await found(10, { action: 'user.role' })).toEqual(['t2', 't1'])
      expect(await found(10, { action: 'user.' })).toEqual(['t2', 't1', 't0'])
      const [, second] = await ledger().actions(2)
      expect(await found(10, { before: second?.seq ?? 0 })).toEqual(['t1', 't0'])
      expect(await found(1, { before: second?.seq ?? 0, actor: 'user:a' })).toEqual(['t1'])
    })
  })
}
