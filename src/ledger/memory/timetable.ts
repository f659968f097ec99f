import TinyQueue from 'tinyqueue'

interface Appointment {
  at: number
  id: string
}

/**
 * What is due when. Appointments that no longer hold are not searched for when they lapse but dropped when their time
 * comes, so that keeping and breaking one are both cheap.
 */
export class Timetable {
  readonly #queue = new TinyQueue<Appointment>([], (a, b) => a.at - b.at)

  add(id: string, at: number): void {
    this.#queue.push({ id, at })
  }

  /** Ids whose time has come, earliest first. They stay due until `holds` says no. */
  due(now: number, limit: number, holds: (id: string, at: number) => boolean): string[] {
    const found = new Map<string, Appointment>()
    while (found.size < limit) {
      const next = this.#queue.peek()
      if (next === undefined || next.at > now) break
      this.#queue.pop()
      if (holds(next.id, next.at)) found.set(next.id, next)
    }
    for (const appointment of found.values()) this.#queue.push(appointment)
    return [...found.keys()]
  }
}
