import { describe, expect, it } from 'vitest'
import { safePath, signInPath } from './return-path'

describe('where sign-in leads back to', () => {
  it.each(['/', '/incidents', '/incidents/inc_1?tab=notes', '/policy#rules'])('%s', (path) => {
    expect(safePath(path)).toBe(path)
  })

  it.each([
    null,
    '',
    'incidents',
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    'javascript:alert(1)',
    ' /incidents',
    '/..//evil.example',
    '/.//evil.example',
    '/sign-in',
    '/sign-in?to=/sign-in',
  ])('%j leads to the overview', (path) => {
    expect(safePath(path)).toBe('/')
  })

  it('is kept in the address of the sign-in page, whole', () => {
    expect(signInPath('/')).toBe('/sign-in')
    const address = new URL(signInPath('/decisions?number=+234&verdict=deny'), 'http://x')
    expect(address.searchParams.get('to')).toBe('/decisions?number=+234&verdict=deny')
  })
})
