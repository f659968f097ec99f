/** `node healthcheck.mjs [/readyz]`: exit code 0 when the gateway of this container answers 2xx within 2 s. */
const port = process.env.TOLLGATE_PORT || '7700'
const path = process.argv[2] ?? '/healthz'
try {
  const { ok } = await fetch(`http://127.0.0.1:${port}${path}`, {
    signal: AbortSignal.timeout(2_000),
  })
  process.exitCode = ok ? 0 : 1
} catch (error) {
  console.error(error.cause?.code ?? error.name)
  process.exitCode = 1
}
