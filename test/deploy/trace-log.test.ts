import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node'
import { expect, test } from 'vitest'
import { startHarness } from '../e2e/harness.js'
import { subscriber } from '../e2e/stage.js'

test('a line of the log names the trace and the span of its request', async () => {
  const exporter = new InMemorySpanExporter()
  new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register()
  const gateway = await startHarness({ server: { tracing: true } })
  const caller = 'c0'.repeat(16)
  await gateway.call(
    'POST',
    '/v1/decisions',
    { service: 'signup', to: subscriber(1) },
    { traceparent: `00-${caller}-${'d1'.repeat(8)}-01` },
  )
  // a number in the path of a route that is none
  await gateway.call('GET', `/nowhere/${subscriber(2)}`)
  await gateway.call('GET', '/healthz')
  await gateway.close()

  const lines = gateway
    .log()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, string>)
  const spans = exporter.getFinishedSpans()
  const [decision, nowhere] = spans
  const ids = decision?.spanContext()
  expect(ids?.traceId).toBe(caller)
  expect(lines.find(({ route }) => route === '/v1/decisions')).toMatchObject({
    trace_id: caller,
    span_id: ids?.spanId,
  })
  expect(nowhere?.name).toBe('GET')
  expect(JSON.stringify(nowhere?.attributes)).not.toContain(subscriber(2).slice(1))
  expect(lines.find(({ route }) => route === '/healthz')).not.toHaveProperty('trace_id')
  expect(spans).toHaveLength(2)
})
