import type { Provider } from './port.js'

export interface ConsoleOptions {
  /** @default 'console' */
  name?: string
  /** @default a line on standard output */
  write?: (line: string) => void
}

/** Development sender: prints the message with the code in clear, and sends nothing. */
export function consoleProvider({
  name = 'console',
  write = (line) => process.stdout.write(`${line}\n`),
}: ConsoleOptions = {}): Provider {
  return {
    name,
    async send({ to, body, idempotencyKey }) {
      // A body can carry text of a stranger's choice; on a terminal control characters are commands.
      const shown = body.replace(/\p{Cc}+/gu, ' ')
      write(`[development sender "${name}": code shown, nothing is sent] SMS to ${to}: ${shown}`)
      return { ok: true, providerId: `${name}-${idempotencyKey}`, priceMicroUsd: 0 }
    },
    receipts: () => null,
  }
}
