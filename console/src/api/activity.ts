/**
 * When a person last used this browser's console, so that the gateway can tell use from what pages read by themselves:
 * an unattended screen must not keep its session alive. Shared by the tabs of the console.
 */
const KEY = 'tollgate.used'
/** How exactly it is known, ms. */
const STEP_MS = 5_000
let usedAt = Date.now()

function used(): void {
  const now = Date.now()
  if (now - usedAt < STEP_MS) return
  usedAt = now
  localStorage.setItem(KEY, String(now))
}

for (const kind of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'])
  window.addEventListener(kind, used, { capture: true, passive: true })

/** Whole seconds since a person last did something in any tab. */
export function idleSeconds(): number {
  const now = Date.now()
  const elsewhere = Number(localStorage.getItem(KEY) ?? 0)
  // a time ahead of the clock was written before the clock was set back
  const last = elsewhere <= now ? Math.max(usedAt, elsewhere) : usedAt
  return Math.max(0, Math.min(999_999, Math.round((now - last) / 1_000)))
}
