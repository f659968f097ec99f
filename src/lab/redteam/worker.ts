import { parentPort, workerData } from 'node:worker_threads'
import type { PlatformOptions } from './platform.js'
import type { Answer } from './run-attempts.js'
import { type Attempt, createGround } from './trial.js'

const port = parentPort
if (port === null) throw new Error('worker.js is started by run-attempts.js, as a thread')
const ground = createGround(workerData as PlatformOptions)

async function answer(attempt: Attempt): Promise<Answer> {
  try {
    return { trial: await ground.attempt(attempt) }
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}
port.on('message', async (attempt: Attempt) => port.postMessage(await answer(attempt)))
