import { parentPort } from 'node:worker_threads'
import { createRowFacts, labSources } from '../row-facts.js'
import { createWorld } from '../world/create-world.js'
import { type Job, type Laboratory, runJob } from './job.js'
import type { Answer } from './run-jobs.js'

const port = parentPort
if (port === null) throw new Error('worker.js is started by run-jobs.js, as a thread')
const laboratory: Laboratory = {
  rowFacts: createRowFacts(labSources()),
  world: createWorld(),
  clock: () => performance.now(),
}

async function answer(job: Job): Promise<Answer> {
  try {
    return { result: await runJob(job, laboratory) }
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}
port.on('message', async (job: Job) => port.postMessage(await answer(job)))
