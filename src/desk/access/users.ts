import { createTurns } from '../../cluster/turns.js'
import { collection } from '../../ledger/collection.js'
import type { ConsoleStore } from '../../ledger/console-port.js'
import type { LeaseStore } from '../../ledger/leases.js'
import { no, type Outcome, ok } from './faults.js'
import type { RandomBytes } from './token.js'
import {
  type KnownUser,
  MOST_PASSKEYS,
  MOST_USERS,
  type Passkey,
  sameName,
  type User,
} from './user.js'

/** A change of a user; an error leaves the user as they are. */
export type UserChange = (user: User) => Outcome<User>

/** The users of the console, each one document with its passkeys. */
export function createUsers({
  store,
  random,
}: {
  store: ConsoleStore & LeaseStore
  random: RandomBytes
}) {
  const kept = collection<User>(store, 'user')

  // What holds for all users together (there is an administrator, names differ) is decided by one change at a time.
  const turns = createTurns({ leases: store, holder: random(12).toString('hex') })
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => turns.take('users', work)

  const list = async (): Promise<KnownUser[]> =>
    (await kept.list({ limit: MOST_USERS })).map(({ id, value }) => ({ id, ...value }))

  const get = async (id: string): Promise<KnownUser | null> => {
    const row = await kept.get(id)
    return row === null ? null : { id, ...row.value }
  }

  const remainsAdmin = async (but: string): Promise<boolean> =>
    (await list()).some((user) => user.id !== but && user.role === 'admin' && !user.disabled)

  const LAST_ADMIN = no(
    'last_admin',
    'This is the last administrator who can sign in. Make another user an administrator first.',
  )
  const NOBODY = no('not_found', 'There is no such user.')

  /** One document changed, however often somebody else was faster. */
  async function change(id: string, changed: UserChange): Promise<Outcome<KnownUser>> {
    for (;;) {
      const row = await kept.get(id)
      if (row === null) return NOBODY
      const outcome = changed(row.value)
      if (!outcome.ok) return outcome
      const { at, version } = row
      if (await kept.put({ id, at, value: outcome.value }, version))
        return ok({ id, ...outcome.value })
    }
  }

  return {
    newId: (): string => `usr_${random(12).toString('hex')}`,
    list,
    get,
    any: async (): Promise<boolean> => (await kept.list({ limit: 1 })).length > 0,
    named: async (name: string): Promise<KnownUser | null> =>
      (await list()).find((user) => sameName(user.name, name)) ?? null,

    /** @param first only while there is no user at all */
    add: (id: string, user: User, first = false): Promise<Outcome<KnownUser>> =>
      inTurn(async () => {
        const users = await list()
        if (first && users.length > 0)
          return no('link_spent', 'There is an administrator already: ask them for an invitation.')
        if (users.length >= MOST_USERS)
          return no('conflict', `There are ${MOST_USERS} users already: delete some first.`)
        if (users.some((other) => sameName(other.name, user.name)))
          return no('name_taken', `There is a user named ${user.name} already.`)
        return (await kept.put({ id, at: user.createdAt, value: user }, 0))
          ? ok({ id, ...user })
          : no('conflict', 'This user was made at the same time.')
      }),

    change,

    /** Role, and whether they may sign in: never so that no administrator is left. */
    govern: (id: string, patch: Partial<Pick<User, 'role' | 'disabled'>>) =>
      inTurn(async () => {
        const user = await get(id)
        if (user === null) return NOBODY
        const loses =
          user.role === 'admin' &&
          !user.disabled &&
          (patch.disabled === true || (patch.role ?? 'admin') !== 'admin')
        if (loses && !(await remainsAdmin(id))) return LAST_ADMIN
        return change(id, (before) => ok({ ...before, ...patch }))
      }),

    remove: (id: string): Promise<Outcome<KnownUser>> =>
      inTurn(async () => {
        const user = await get(id)
        if (user === null) return NOBODY
        if (user.role === 'admin' && !user.disabled && !(await remainsAdmin(id))) return LAST_ADMIN
        await kept.remove(id)
        return ok(user)
      }),

    addPasskey: (id: string, passkey: Passkey): Promise<Outcome<KnownUser>> =>
      change(id, (user) => {
        if (user.identity !== null)
          return no('sign_in_elsewhere', "This user signs in with the organisation's provider.")
        if (user.passkeys.some((other) => other.id === passkey.id))
          return no('conflict', 'This passkey is registered already.')
        if (user.passkeys.length >= MOST_PASSKEYS)
          return no('conflict', `There are ${MOST_PASSKEYS} passkeys already: remove one first.`)
        return ok({ ...user, passkeys: [...user.passkeys, passkey] })
      }),

    removePasskey: (id: string, passkeyId: string): Promise<Outcome<KnownUser>> =>
      change(id, (user) => {
        const passkeys = user.passkeys.filter((passkey) => passkey.id !== passkeyId)
        if (passkeys.length === user.passkeys.length)
          return no('not_found', 'There is no such passkey.')
        if (passkeys.length === 0)
          return no('last_passkey', 'This is the last passkey: add another one first.')
        return ok({ ...user, passkeys })
      }),

    renamePasskey: (id: string, passkeyId: string, name: string): Promise<Outcome<KnownUser>> =>
      change(id, (user) =>
        user.passkeys.some((passkey) => passkey.id === passkeyId)
          ? ok({
              ...user,
              passkeys: user.passkeys.map((passkey) =>
                passkey.id === passkeyId ? { ...passkey, name } : passkey,
              ),
            })
          : no('not_found', 'There is no such passkey.'),
      ),
  }
}

export type Users = ReturnType<typeof createUsers>
