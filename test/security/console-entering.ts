import { type Authenticator, createAuthenticator } from '../fakes/authenticator.js'
import type { Answer, Client, ConsoleStage } from './console-stage.js'

/** Opens a one-time link in a browser and makes a passkey. @returns the last answer */
export async function redeem(
  client: Client,
  token: string,
  authenticator: Authenticator,
  name = 'Ada',
): Promise<Answer> {
  const options = await client.post('/v1/console/link/options', { token, name })
  if (options.status !== 200) return options
  const response = authenticator.create(options.body)
  return client.post('/v1/console/link/redeem', { token, name, passkeyName: '', response })
}

/** Signs in with a passkey. @returns the last answer */
export async function signIn(client: Client, authenticator: Authenticator): Promise<Answer> {
  const options = await client.post('/v1/console/sign-in/options')
  if (options.status !== 200) return options
  return client.post('/v1/console/sign-in', { response: authenticator.get(options.body) })
}

/** The first administrator, signed in with a passkey of their own. */
export async function firstAdministrator(stage: ConsoleStage) {
  const client = stage.client()
  const authenticator = createAuthenticator(stage.url)
  const answer = await redeem(client, await stage.setupToken(), authenticator)
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
  return { client, authenticator, recoveryCodes: answer.body.recoveryCodes as string[] }
}
