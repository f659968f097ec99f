import { useCallback } from 'react'
import { useHello } from '../api/hello'

export type Role = 'viewer' | 'analyst' | 'admin'
const RANK: Record<Role, number> = { viewer: 0, analyst: 1, admin: 2 }

export interface Me {
  id: string
  name: string
  role: Role
  /** whether this person may do what needs a role; the gateway has the last word */
  can: (role: Role) => boolean
}

/** Who looks at the page. */
export function useMe(): Me {
  const user = useHello().data?.user ?? { id: '', name: '', role: 'viewer' as Role }
  const { role } = user
  return { ...user, can: useCallback((needed) => RANK[role] >= RANK[needed], [role]) }
}
