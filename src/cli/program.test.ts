import { describe, expect, it } from 'vitest'
import { jsonOf, tollgate } from '../../test/fakes/terminal.js'
import { EXIT } from './fault.js'
import { VERSION } from './version.js'

describe('the command line', () => {
  it('explains itself', async () => {
    const { exit, out } = await tollgate(['--help'])
    expect(exit).toBe(EXIT.ok)
    for (const verb of ['serve', 'decide', 'replay', 'policy', 'keys', 'doctor'])
      expect(out).toContain(`\n  ${verb}`)
    expect(out).toContain('Exit codes')
  })

  it.each([
    ['serve'],
    ['decide'],
    ['replay'],
    ['doctor'],
    ['policy'],
    ['policy', 'bound'],
    ['keys', 'create'],
  ])('%s %s has help with examples', async (...verb) => {
    const { exit, out } = await tollgate([...verb, '--help'])
    expect(exit).toBe(EXIT.ok)
    expect(out).toMatch(/Examples?:\n {2}\$ tollgate /)
  })

  it('says its version', async () => {
    expect(await tollgate(['--version'])).toMatchObject({ exit: EXIT.ok, out: VERSION })
  })

  it.each([
    [['polcy'], 'Did you mean policy?'],
    [['decide'], "missing required argument 'number'"],
    [['decide', '+12015550123', '--ipp', '1.2.3.4'], 'Did you mean --ip?'],
    [['decide', '+12015550123', '--ip', '1.2.3'], '--ip 1.2.3 is not an IP address'],
    [['decide', '+12015550123', '--price', 'cheap'], 'give US dollars, such as 0.11'],
    [['serve', '--port', '99999'], 'give a whole number from 0 to 65535'],
    [['keys', 'create', '--scopes', 'admin,root'], '"root" is no scope'],
    [['policy', 'bound', '--country', 'Nigeria'], 'give countries as ISO 3166 codes'],
    [['policy', 'bound', '--country', 'NG,XX'], 'for "XX" write two capital letters'],
    [['audit', '--markets', 'NG,UK', '--sample'], 'for "UK" write GB'],
    [['decide', '08031234567', '--country', 'XX'], 'write two capital letters of ISO 3166'],
    [['replay', '/nowhere.ndjson'], 'there is no file /nowhere.ndjson'],
    [['serve', '--data', ''], '--data: nothing is given'],
    [['doctor', '--config', ' '], '--config: nothing is given'],
    [['replay', 'a', '--compare', 'b', ''], '--compare: nothing is given'],
    [['keys', 'create', '--name', ''], '--name: nothing is given'],
    [['keys', 'create', '--name', '\u200b'], '--name has no character that can be seen'],
    [['keys', 'create', '--name', 'x'.repeat(129)], '--name has 129 characters'],
    [['keys', 'revoke', ''], '<id>: nothing is given'],
    [['users', 'link', ''], '<name>: nothing is given'],
    [['users', 'invite', ' '], '<name>: nothing is given'],
    [['audit', ''], '<files>: nothing is given'],
  ])('%j is a mistake of usage', async (args, told) => {
    const { exit, err, out } = await tollgate(args)
    expect(exit).toBe(EXIT.usage)
    expect(err).toContain(told)
    expect(err).not.toMatch(/^\s+at /m)
    expect(out).toBe('')
  })

  it('tells errors as JSON when asked for JSON', async () => {
    const ran = await tollgate(['replay', '/nowhere.ndjson', '--json'])
    expect(ran.exit).toBe(EXIT.usage)
    expect(ran.err).toBe('')
    expect(jsonOf(ran)).toEqual({
      error: {
        message: 'traffic: there is no file /nowhere.ndjson',
        mend: 'check the path',
        exit: EXIT.usage,
      },
    })
  })

  it.each([
    [['audit', '--no-such'], "unknown option '--no-such'"],
    [['decide'], "missing required argument 'number'"],
    [['serve', '--port', 'x'], 'give a whole number from 0 to 65535'],
    [['keys'], 'no command is named'],
  ])('tells of %j as JSON too', async (args, message) => {
    const ran = await tollgate([...args, '--json'])
    expect({ exit: ran.exit, err: ran.err }).toEqual({ exit: EXIT.usage, err: '' })
    expect(jsonOf(ran)).toEqual({
      error: {
        message: expect.stringContaining(message),
        mend: 'see tollgate --help',
        exit: EXIT.usage,
      },
    })
  })

  it('shows where an error came from only with --debug', async () => {
    const { err } = await tollgate(['replay', '/nowhere.ndjson', '--debug'])
    expect(err).toMatch(/^\s+at /m)
  })
})
