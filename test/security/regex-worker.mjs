import { parentPort, workerData } from 'node:worker_threads'

/** Text that makes a bad pattern run away: one or two characters again and again, and an end that does not fit. */
const PUMPS = [
  '0',
  'a',
  'A',
  ' ',
  '.',
  ':',
  '-',
  '(',
  '+',
  '*',
  ',',
  '0.',
  '1 ',
  'a:',
  ' -',
  '0:',
  'aA0',
  '"\\',
  '%0',
  '\u0660',
]
const ENDS = ['', '\u0000', '!', 'x']
const LENGTH = 2_000

for (const [i, { source, flags }] of workerData.entries()) {
  parentPort.postMessage({ at: i })
  for (const pump of PUMPS)
    for (const end of ENDS) {
      const text = pump.repeat(Math.ceil(LENGTH / pump.length)) + end
      for (const start of ['', '+', '[', '"']) new RegExp(source, flags).exec(start + text)
    }
}
parentPort.postMessage({ done: true })
