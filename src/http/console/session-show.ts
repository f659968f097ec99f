import type { OpenSession } from '../../desk/access/sessions.js'
import type { SessionView } from './access-view.js'

/** @param current id of the session that asks */
export const showSession = (session: OpenSession, current: string | null): SessionView => {
  const { id, createdAt, seenAt, endsAt, way, source, userAgent } = session
  return { id, createdAt, seenAt, endsAt, way, source, userAgent, current: id === current }
}
