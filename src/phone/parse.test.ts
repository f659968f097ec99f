import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NUMBER_TYPES } from '../engine/facts.js'
import { createPhone, parseNumber } from './parse.js'

const SUBSCRIBER = '+33612345678'

/** Forty ways to write one French subscriber, with the country the text is read in. */
const SPELLINGS: [text: string, country?: string][] = [
  ['+33612345678'],
  [' +33612345678 '],
  ['\t+33612345678\r\n'],
  ['+33 6 12 34 56 78'],
  ['+33-6-12-34-56-78'],
  ['+33.6.12.34.56.78'],
  ['+33/6/12/34/56/78'],
  ['+33 (6) 12 34 56 78'],
  ['(+33) 612345678'],
  ['+33 (0)6 12 34 56 78'],
  ['+33 0612345678'],
  ['+330612345678'],
  ['+33 06 12 34 56 78'],
  ['+33[6]12345678'],
  ['+33\u00a06\u00a012\u00a034\u00a056\u00a078'],
  ['+33\u20116\u201112\u201134\u201156\u201178'],
  ['+33\u20136\u201312345678'],
  ['\u200e+33612345678\u200e'],
  ['\u202a+33 6 12 34 56 78\u202c'],
  ['+33\u200b612345678'],
  ['\ufeff+33612345678'],
  ['\uff0b33612345678'],
  ['\uff0b\uff13\uff13\uff16\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18'],
  ['+\u0663\u0663\u0666\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668'],
  ['+\u06f3\u06f3\u06f6\u06f1\u06f2\u06f3\u06f4\u06f5\u06f6\u06f7\u06f8'],
  ['+33\u0666\u0661\u0662345678'],
  ['tel:+33612345678'],
  ['TEL:+33-6-12-34-56-78'],
  ['tel:+33 6 12 34 56 78'],
  ['0612345678', 'FR'],
  ['06 12 34 56 78', 'FR'],
  ['06.12.34.56.78', 'FR'],
  ['(06) 12345678', 'FR'],
  ['612345678', 'FR'],
  ['33612345678', 'FR'],
  ['0033612345678', 'FR'],
  ['00 33 6 12 34 56 78', 'FR'],
  ['00 33 6 12 34 56 78', 'DE'],
  ['011 33 6 12 34 56 78', 'US'],
  ['810 33 612345678', 'RU'],
  ['\u0660\u0666\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668', 'FR'],
  ['0612345678', 'fr'],
  ['+33612345678', 'US'],
  ['+33612345678', 'nowhere'],
]

describe('one subscriber, one key', () => {
  test('the list has at least forty spellings', () => {
    expect(new Set(SPELLINGS.map(([text, country]) => `${country} ${text}`)).size).toBe(
      SPELLINGS.length,
    )
    expect(SPELLINGS.length).toBeGreaterThanOrEqual(40)
  })

  test.each(SPELLINGS)('%j read in %s', (text, country) => {
    expect(parseNumber(text, country)).toEqual(parseNumber(SUBSCRIBER))
    expect(parseNumber(text, country)).toMatchObject({ e164: SUBSCRIBER, problem: null })
  })
})

describe('what is refused', () => {
  test.each([
    ['', 'nothing'],
    ['   ', 'blanks'],
    ['+', 'a plus sign'],
    ['+3', 'one digit'],
    ['hello', 'letters'],
    ['+1800FLOWERS', 'a vanity number'],
    ['+33612345678 please', 'trailing text'],
    ['call +33612345678', 'leading text'],
    ['+33612345678 +33612345679', 'two numbers'],
    ['++33612345678', 'two plus signs'],
    ['+33612345678x', 'an extension mark and no extension'],
    ['+33612345678;isub=12', 'an ISDN sub-address'],
    ['0612345678;phone-context=+33', 'a phone context'],
    ['+3361\u00002345678', 'a NUL'],
    ['+336123\n45678', 'a line break inside'],
    ['+33\u096c12345678', 'digits of a script no phone keyboard shares'],
    ['0033612345678', 'an international prefix of no known country'],
    ['612345678', 'a national number of no known country'],
    ['+999612345678', 'an unassigned calling code'],
    ['+2348', 'a calling code and one digit'],
    ['+0612345678', 'a calling code that begins with 0'],
    ['*31#+33612345678', 'a service code'],
    [`+33612345678${' '.repeat(40)}`, 'over forty characters'],
    ['9'.repeat(10_000), 'ten thousand digits'],
    ['+\ud83d\ude00', 'an emoji'],
    ['\ud83d', 'half a surrogate pair'],
    ['<script>alert(1)</script>', 'markup'],
  ])('%j: %s', (text) => {
    expect(parseNumber(text)).toEqual({
      e164: '',
      problem: 'unparseable',
      country: '',
      callingCode: '',
      type: 'UNKNOWN',
      operator: null,
      allocated: true,
      operatorRange: '',
      block: '',
      subBlock: '',
    })
  })

  test.each([undefined, null, 42, {}, [], true])('%j, which is not text', (input) => {
    expect(parseNumber(input as unknown as string).problem).toBe('unparseable')
  })

  test.each([
    '+14155552671 ext. 5',
    '+14155552671 ext 5',
    '+14155552671x5',
    '+14155552671;ext=5',
    'tel:+14155552671;ext=5',
    '+14155552671,,5',
    '+14155552671#5',
    '+14155552671 доб. 5',
  ])('%j: an extension, of a number that is otherwise read', (text) => {
    expect(parseNumber(text)).toMatchObject({ problem: 'extension', e164: '+14155552671' })
  })

  test.each([
    ['+870773111632', '870'],
    ['+878101234567890', '878'],
    ['+881612345678', '881'],
    ['+8821612345678', '882'],
    ['+882131234567', '882'],
    ['+883510012345', '883'],
    ['+88812345678901', '888'],
    ['+979123456789', '979'],
    ['+80012345678', '800'],
    ['+80812345678', '808'],
    ['+88112', '881'],
    ['+881 6 1234 5678', '881'],
  ])('%s: a global code, whatever its type and whether or not it is valid', (text, callingCode) => {
    expect(parseNumber(text)).toMatchObject({ problem: 'global_code', country: '001', callingCode })
  })

  test.each([
    ['+3361234567', 'too short'],
    ['+336123456789', 'too long'],
    ['+33012345678', 'no such range'],
    ['+23480', 'a calling code and two digits more'],
    ['+1 555 555 5555', 'no such area code'],
    ['+2290161234', 'a Benin number of no length in use'],
  ])('%s: %s', (text) => {
    expect(parseNumber(text)).toMatchObject({ problem: 'invalid', type: 'UNKNOWN' })
  })
})

describe('country and type', () => {
  test.each([
    ['+2348031234567', 'NG', 'MOBILE'],
    ['+14155552671', 'US', 'FIXED_LINE_OR_MOBILE'],
    ['+18765551234', 'JM', 'MOBILE'],
    ['+18095551234', 'DO', 'FIXED_LINE_OR_MOBILE'],
    ['+38344123456', 'XK', 'MOBILE'],
    ['+447797712345', 'JE', 'MOBILE'],
    ['+77011234567', 'KZ', 'MOBILE'],
    ['+79161234567', 'RU', 'MOBILE'],
    ['+9609001234', 'MV', 'MOBILE'],
    ['+447012345678', 'GB', 'PERSONAL_NUMBER'],
    ['+447640123456', 'GB', 'PAGER'],
    ['+37190123456', 'LV', 'PREMIUM_RATE'],
    ['+37181123456', 'LV', 'SHARED_COST'],
    ['+18005550199', 'US', 'TOLL_FREE'],
    ['+33112345678', 'FR', 'FIXED_LINE'],
    ['+33912345678', 'FR', 'VOIP'],
  ])('%s is %s %s', (text, country, type) => {
    expect(NUMBER_TYPES).toContain(type)
    expect(parseNumber(text)).toMatchObject({ problem: null, country, type })
  })
})

describe('operator, range and blocks', () => {
  test('a named operator is the key of the range', () => {
    expect(parseNumber('+2348031234567')).toMatchObject({
      operator: 'MTN',
      operatorRange: 'NG/MTN',
      allocated: true,
      block: '+234803123',
      subBlock: '+2348031234',
    })
    expect(parseNumber('+2348021234567').operatorRange).toBe('NG/Airtel')
  })

  test('without one the leading three national digits are, and a country without operators is not suspect', () => {
    expect(parseNumber('+14155552671')).toMatchObject({
      operator: null,
      operatorRange: 'US/415',
      allocated: true,
    })
  })

  test('a valid mobile number of nobody, in a country whose operators are known, is not allocated', () => {
    expect(parseNumber('+84951234567')).toMatchObject({
      problem: null,
      type: 'MOBILE',
      operator: null,
      allocated: false,
      operatorRange: 'VN/951',
    })
  })

  test('where the data has gaps, as with all of MTS in Russia, a range without a name is no evidence', () => {
    expect(parseNumber('+79161234567')).toMatchObject({ operator: null, allocated: true })
    expect(parseNumber('+393511234567')).toMatchObject({ operator: null, allocated: true })
  })

  test('a fixed line without an operator is not called unallocated', () => {
    expect(parseNumber('+842412345678')).toMatchObject({ operator: null, allocated: true })
  })

  test.each([
    ['+6834123', '+6834', '+6834'],
    ['+29022158', '+2902', '+29022'],
    ['+33612345678', '+3361234', '+33612345'],
    ['+4915123456789', '+491512345', '+4915123456'],
  ])('%s lies in block %s and sub-block %s', (text, block, subBlock) => {
    expect(parseNumber(text)).toMatchObject({ block, subBlock })
  })

  test('a block is never the whole country', () => {
    for (const text of ['+23480', '+29012', '+187', '+87012', '+683123']) {
      const { block, subBlock, callingCode } = parseNumber(text)
      expect(callingCode).not.toBe('')
      expect(block.length).toBeGreaterThanOrEqual(callingCode.length + 2)
      expect(subBlock.startsWith(block)).toBe(true)
    }
  })
})

describe('createPhone', () => {
  test('reads national spellings in its own country unless the call names another', () => {
    const phone = createPhone({ defaultCountry: 'NG' })
    expect(phone.parse('0803 123 4567').e164).toBe('+2348031234567')
    expect(phone.parse('0612345678', 'FR').e164).toBe('+33612345678')
    expect(phone.parse('0803 123 4567').e164).toBe('+2348031234567')
  })

  test.each(['XX', 'ng', 'constructor', ''])('refuses %j as a country', (defaultCountry) => {
    expect(() => createPhone({ defaultCountry })).toThrow(/defaultCountry: .* ISO 3166/)
  })

  test.each(['constructor', '__proto__', 'toString', 'XX'])(
    'ignores %s as the country of a call',
    (country) => {
      expect(parseNumber('+33612345678', country).e164).toBe('+33612345678')
      expect(parseNumber('0612345678', country).problem).toBe('unparseable')
    },
  )

  test('a spelling seen before gives the same object, which nobody can change', () => {
    const phone = createPhone()
    const first = phone.parse('+33 6 12 34 56 78')
    expect(phone.parse('+33 6 12 34 56 78')).toBe(first)
    expect(Object.isFrozen(first)).toBe(true)
  })

  test('one spelling in two countries stays two numbers', () => {
    const phone = createPhone()
    expect(phone.parse('0612345678', 'FR').e164).toBe('+33612345678')
    expect(phone.parse('0612345678', 'NL').e164).toBe('+31612345678')
    expect(phone.parse('0612345678', 'FR').e164).toBe('+33612345678')
  })
})

describe('any input', () => {
  const phone = createPhone({ remember: 100 })
  const digit = fc.constantFrom(...'0123456789')
  const noise = fc.constantFrom(
    ...' +-.()/;,x#*\u00a0\u200e\u0661\uff11\u0000\ud83da',
    'ext',
    'tel:',
  )
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc
      .array(fc.oneof({ weight: 8, arbitrary: digit }, noise), { maxLength: 45 })
      .map((c) => c.join('')),
    fc.array(digit, { minLength: 5, maxLength: 16 }).map((c) => `+${c.join('')}`),
  )
  const country = fc.constantFrom(undefined, 'US', 'BR', 'AR', 'IT', 'RU', 'MG', 'KZ', 'JP', 'XX')

  test('gives facts and never throws; a usable number is its own E.164, whose facts are the same', () => {
    let usable = 0
    fc.assert(
      fc.property(text, country, (input, where) => {
        const facts = phone.parse(input, where)
        if (facts.problem !== null) return
        usable++
        expect(facts.e164).toMatch(/^\+[1-9]\d{5,16}$/)
        expect(phone.parse(facts.e164)).toEqual(facts)
        expect(phone.parse(facts.e164, where)).toEqual(facts)
      }),
      { numRuns: 20_000, seed: 11 },
    )
    expect(usable).toBeGreaterThan(200)
  })
})
