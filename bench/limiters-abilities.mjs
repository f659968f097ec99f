// What each contender of the limiters' bench does out of the box. Configuration and code of the user's own could add to every column;
// what stands here is what the package or the code of the tutorials does by itself.

const WHO = ['Tollgate', 'rate-limiter-flexible', '@fastify/rate-limit', 'INCR + EXPIRE']

/** Yes and no in the order of WHO; a text where neither is true. */
const WHAT = [
  [
    'limits by number, address, device',
    ['yes', 'by any key, one limiter each', 'one key a route', 'by any key'],
  ],
  ['limits by number range at several depths, operator, country', ['yes', 'no', 'no', 'no']],
  ['counts money, and says the most that can be lost', ['yes', 'no', 'no', 'no']],
  ['an entered code gives credit back', ['yes', 'by own code (reward)', 'no', 'no']],
  ['memory after the window', ['decays over days', 'none', 'none', 'none']],
  [
    'sliding, not starting over at a boundary',
    ['yes', 'fixed windows', 'fixed windows', 'fixed windows'],
  ],
  [
    'check and charge in one atomic step',
    ['yes', 'counts first', 'counts first', 'counts first; a crash leaves a key without end'],
  ],
  [
    'several keys in one round trip',
    ['yes', 'one a limiter', 'one', 'one a key, two for new ones'],
  ],
  ['asks for proof of work or a person before it refuses', ['yes', 'no', 'no', 'no']],
  [
    'says why, with observed, limit and when it ends',
    ['yes', 'points left and time', 'headers', 'no'],
  ],
  ['monitor mode', ['yes', 'no', 'no', 'no']],
  ['names the attacked ranges', ['yes', 'no', 'no', 'no']],
  ['records every decision durably', ['yes', 'no', 'no', 'no']],
  [
    'when its store is lost',
    [
      'configured: reduced, closed or open',
      'error, or a limiter in memory (insurance)',
      'error, or open (skipOnError)',
      'error',
    ],
  ],
  ['protects any route of an application', ['no: codes only', 'yes', 'yes', 'yes']],
  ['lines of code to use it', ['1 call', '3 to 10', '2', '10']],
]

/** As a table of Markdown. */
export function abilitiesTable() {
  const row = (cells) => `| ${cells.join(' | ')} |`
  return [
    row(['', ...WHO]),
    row(['---', ...WHO.map(() => '---')]),
    ...WHAT.map(([what, each]) => row([what, ...each])),
  ].join('\n')
}
