import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Harness, startHarness } from '../e2e/harness.js'

let gateway: Harness
beforeAll(async () => {
  gateway = await startHarness({ desk: true })
})
afterAll(() => gateway.close())

const FORM = { 'content-type': 'multipart/form-data; boundary=b' }
const part = (text: string, name = 'i.csv') =>
  `--b\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\n\r\n${text}`

test.each<[string, string, string, string | undefined, Record<string, string>, number, string]>([
  ['an upload of nothing', 'POST', '/v1/console/money/invoice', '-', FORM, 400, 'validation'],
  ['half an upload', 'POST', '/v1/console/money/invoice', part('a,b\n'), FORM, 400, 'validation'],
  [
    'half a head of an upload',
    'POST',
    '/v1/console/money/invoice',
    '--b\r\nx',
    FORM,
    400,
    'validation',
  ],
  // it was waited for without end, and every upload after it was told to come again
  [
    'half a packed upload',
    'POST',
    '/v1/console/money/invoice',
    part('at;to;price\n', 'i.json.gz'),
    FORM,
    400,
    'validation',
  ],
  ['another one', 'POST', '/v1/console/money/invoice', part('a,b\n'), FORM, 400, 'validation'],
])('%s is refused', async (_what, method, path, body, headers, status, code) => {
  expect(await gateway.call(method, path, body, headers)).toMatchObject({ status, body: { code } })
})

test('the place of a sink is changed to an address, and to nothing else', async () => {
  const place = { type: 'webhook', url: 'https://alerts.example/x' }
  const sink = { name: 's', enabled: false, place, minimum: 'info', quiet: null, reports: [] }
  const { body } = await gateway.call('POST', '/v1/console/alerts/sinks', sink)
  const changed = { ...sink, place: { ...place, url: 'no address' } }
  expect(
    await gateway.call('PUT', `/v1/console/alerts/sinks/${body.sink.id}`, changed),
  ).toMatchObject({
    status: 400,
    body: { code: 'validation', errors: [{ path: '/place/url' }] },
  })
})

test('an entry of a list ends on a day that can be written', async () => {
  const entry = { entry: '+234805*', note: '', expiresAt: 8_640_000_000_000_001 }
  const added = (expiresAt: number) =>
    gateway.call('POST', '/v1/console/lists/deny/entries', { entries: [{ ...entry, expiresAt }] })
  expect((await added(entry.expiresAt)).status).toBe(400)
  expect((await added(253_402_300_799_999)).status).toBe(201)
  const { body } = await gateway.call('GET', '/v1/console/lists/deny/export')
  expect(body).toContain('9999-12-31T23:59:59.999Z')
})
