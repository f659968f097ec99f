import { parentPort, workerData } from 'node:worker_threads'
import type { Answer, Order } from './host.js'
import { createTrial, type TrialSetup } from './trial.js'

const port = parentPort
if (port === null) throw new Error('worker.js is started by host.js, as a thread')
const trial = createTrial(workerData as TrialSetup)

async function answer(order: Order): Promise<Answer> {
  try {
    return 'feed' in order
      ? { fed: await trial.feed(order.feed) }
      : { finished: await trial.finish() }
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}
port.on('message', async (order: Order) => port.postMessage(await answer(order)))
