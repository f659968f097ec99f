import { describe, expect, it } from 'vitest'
import { column, createLogFiles, HEAD, rows, skips } from '../../../test/fakes/log-files.js'

const { fault, file, read } = createLogFiles()

describe('a header', () => {
  it('may stand below other lines, and again among the rows, with other columns', async () => {
    const result = await read(
      file(
        `Message log\nfrom,2026-03-01\n\n${HEAD}${rows(0, 3)}${HEAD}${rows(3, 5)}sid,to,date_sent,price,price_unit\nSMx,+2348031299999,2026-03-02T00:00:00Z,-0.07,USD\n`,
      ),
    )
    expect(result.log.size).toBe(6)
    expect(column(result, 'priceMicro').at(-1)).toBe(70_000)
    expect(skips(result)).toEqual({ preamble: 2, repeated_header: 2 })
  })

  it('that nobody knows ends in a mapping to pass, which then works', async () => {
    const log = file(
      'recipient;created;cost;carrier state;memo\n+2348031234567;01.03.2026 10:00;0,05;delivered;x\n+2348031234568;01.03.2026 10:01;0,06;failed;y\n',
      'own.csv',
    )
    const message = await fault(read(log))
    expect(message).toContain('own.csv: its columns are of no known log')
    expect(message).toContain('5 columns: recipient | created | cost | carrier state | memo')
    expect(message).toContain('+23480******67 | 01.03.2026 10:00 | 0,05')
    const map = /--map (\S+)$/m.exec(message)?.[1]
    expect(map).toBe('to=recipient,at=created,price=cost,status=4')
    const result = await read(log, { map: map ?? '' })
    expect(result.files[0]?.format).toBe('mapped')
    expect(column(result, 'priceMicro')).toEqual([50_000, 60_000])
  })

  it('may be missing: columns go by their numbers', async () => {
    const log = file(
      '1,+2348031234567,2026-03-01 10:00:00,0.05\n2,+2348031234568,2026-03-01 10:00:01,0.05\n',
    )
    const message = await fault(read(log))
    expect(message).toContain('without names of columns')
    const map = /--map (\S+)$/m.exec(message)?.[1] ?? ''
    expect(map).toContain('to=2,at=3')
    expect((await read(log, { map: 'to=2,at=3,price=4,id=1' })).log.size).toBe(2)
  })

  it('without names takes the recipients and not the sender, and the price', async () => {
    const log = file(
      '+15005550006,2348031234567,2026-03-01 10:00:00,-0.05\n+15005550006,2348031234568,2026-03-01 10:00:01,-0.05\n',
    )
    const map = /--map (\S+)$/m.exec(await fault(read(log)))?.[1] ?? ''
    expect(map).toBe('to=2,at=3,price=4')
    expect(column(await read(log, { map }), 'number')).toEqual([
      2_348_031_234_567, 2_348_031_234_568,
    ])
  })

  it('tells of numbers that a spreadsheet rounded', async () => {
    const message = await fault(read(file('phone,when\n2.34803E+12,2026-03-01 10:00:00\n')))
    expect(message).toContain('Column phone has numbers that a spreadsheet rounded')
  })

  it('tells of JSON within a column, as CloudWatch exports it', async () => {
    const log = file(
      '@timestamp,@message\n2026-03-01 10:00:00,"{""delivery"":{""destination"":""+2348031234567""}}"\n',
    )
    expect(await fault(read(log))).toContain('Column @message holds JSON: export the log as JSON')
  })

  it('is proposed for JSON as well, by paths', async () => {
    const log = file(
      '{"data":{"phone":"+2348031234567"},"when":1772359205,"cost":{"v":0.05}}\n',
      'x.ndjson',
    )
    const message = await fault(read(log))
    expect(message).toContain('data.phone | when | cost.v')
    const result = await read(log, { map: 'to=data.phone,at=when,price=cost.v' })
    expect(column(result, 'priceMicro')).toEqual([50_000])
  })

  it('finds numbers without a calling code, and asks for their country', async () => {
    const log = file(
      'customer phone,sent on,cost\n0803 123 4567,2026-03-01 10:00:00,0.05\n08031234568,2026-03-01 10:01:00,0.05\n',
    )
    const message = await fault(read(log))
    expect(message).toContain('Its numbers have no calling code')
    const [, map = ''] = /--map (\S+)$/.exec(message) ?? []
    const result = await read(log, { map, country: 'NG' })
    expect(column(result, 'number')).toEqual([2_348_031_234_567, 2_348_031_234_568])
  })

  it('without what is needed says what is missing', async () => {
    const message = await fault(read(file('name,city\nAda,Lagos\n')))
    expect(message).toContain('No column looks like the number a message went to.')
    expect(message).toContain('No column looks like the time of a message.')
    expect(message).toContain('--map to=COLUMN,at=COLUMN')
    const log = file(HEAD + rows(0, 1))
    expect(await fault(read(log, { map: 'to=phone' }))).toContain(
      '--map to=phone: there is no such column',
    )
    expect(await fault(read(log, { map: 'to:phone' }))).toContain('"to:phone" is not role=column')
    expect(await fault(read(log, { map: 'to=a,at=b,to=c' }))).toContain(
      '--map: to is given twice, as a and as c; keep one of the two',
    )
  })
})
