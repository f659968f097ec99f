import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MINUTE } from '../../src/engine/units.js'
import { faultsOf, show } from '../console/browser.js'
import { openBrowser, skipped, why } from '../fakes/chromium.js'
import { type IdentityProvider, startIdentityProvider } from '../fakes/identity-provider.js'
import { type ConsoleStage, openConsole } from './console-stage.js'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const PATIENCE_MS = 20_000

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

describe.skipIf(skipped)(`people and their browsers${why}`, () => {
  let browser: Browser
  let stage: ConsoleStage
  let provider: IdentityProvider
  const contexts: BrowserContext[] = []

  beforeAll(async () => {
    const port = await freePort()
    // another site than localhost: the browser's rules for cookies are those between strangers
    provider = await startIdentityProvider(
      { grace: { email: 'grace@example.com', groups: ['fraud-team'] } },
      `http://localhost:${port}/v1/console/oidc/callback`,
    )
    stage = await openConsole({
      port,
      signIn: {
        oidc: {
          issuer: provider.issuer,
          allowPrivate: true,
          clientId: 'tollgate',
          clientSecret: provider.clientSecret,
          allowedDomains: null,
          emailVerifiedClaim: null,
          roleClaim: 'groups',
          roles: { 'fraud-team': 'analyst' },
          defaultRole: null,
        },
      },
    })
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await stage?.close()
    await provider?.close()
  })

  /** A browser of somebody with a fingerprint reader that is always touched. */
  async function somebody(): Promise<Page> {
    const context = await browser.newContext()
    context.setDefaultTimeout(PATIENCE_MS)
    contexts.push(context)
    const page = await context.newPage()
    const devtools = await context.newCDPSession(page)
    await devtools.send('WebAuthn.enable')
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        ...{ protocol: 'ctap2', transport: 'internal', automaticPresenceSimulation: true },
        ...{ hasResidentKey: true, hasUserVerification: true, isUserVerified: true },
      },
    })
    return page
  }

  async function enterByLink(page: Page, link: string, name?: string): Promise<void> {
    await page.goto(link)
    if (name !== undefined) await page.getByLabel('Your name').fill(name)
    await page.getByRole('button', { name: 'Make a passkey' }).click()
    await page.getByLabel('I have kept the codes').check()
    await page.getByRole('button', { name: 'Go to the console' }).click()
    await page.waitForURL(`${stage.url}/`)
  }

  it('an administrator invites a viewer, who sees what viewers see until it is more', async () => {
    const ada = await somebody()
    await enterByLink(ada, `${stage.url}/sign-in/setup#token=${await stage.setupToken()}`, 'Ada')
    await ada.goto(`${stage.url}/settings/users`)
    expect(await ada.getByRole('button', { name: 'Remove' }).isDisabled()).toBe(true)
    await ada.getByRole('button', { name: 'Invite a user' }).click()
    await ada.getByLabel('Name').fill('Alan')
    await ada.getByRole('button', { name: 'Make the link' }).click()
    const link = await ada.getByRole('textbox', { name: 'Link' }).inputValue()
    await ada.getByRole('button', { name: 'Done' }).click()

    const alan = await somebody()
    await enterByLink(alan, link)
    await alan.goto(`${stage.url}/settings/users`)
    await alan.getByRole('heading', { name: 'Your passkeys' }).waitFor()
    expect(await alan.getByRole('heading', { name: 'Users', exact: true }).count()).toBe(0)
    expect(await alan.getByRole('tab', { name: 'API keys' }).count()).toBe(0)

    // the administrator's page has heard of it
    await ada.getByRole('row', { name: /Alan/ }).getByText('viewer').waitFor()
    await ada.getByRole('button', { name: 'Actions for Alan' }).click()
    await ada.getByRole('menuitem', { name: 'Make admin' }).click()
    const question = ada.getByRole('dialog')
    await question.getByText('your own rights too').waitFor()
    await question.getByRole('button', { name: 'Cancel' }).click()
    await question.waitFor({ state: 'detached' })
    await ada.getByRole('row', { name: /Alan/ }).getByText('viewer').waitFor()
    await ada.getByRole('button', { name: 'Actions for Alan' }).click()
    await ada.getByRole('menuitem', { name: 'Make admin' }).click()
    await question.getByRole('button', { name: 'Make admin' }).click()
    await ada.getByRole('row', { name: /Alan/ }).getByText('admin').waitFor()
    // the page that is open has heard of it
    await alan.getByRole('tab', { name: 'API keys' }).waitFor()
    // and out again, at once
    await ada.getByRole('button', { name: 'Actions for Alan' }).click()
    await ada.getByRole('menuitem', { name: 'Disable' }).click()
    await question.getByText('is signed out everywhere at once').waitFor()
    await question.getByRole('button', { name: 'Disable' }).click()
    await ada.getByText('disabled', { exact: true }).waitFor()
    await alan.getByRole('heading', { name: 'Sign in' }).waitFor({ timeout: 5_000 })
    await alan.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await alan.getByText('This user is disabled').waitFor()
  })

  it('an API key is made, its secret shown once, and revoked with a word', async () => {
    const [ada] = contexts.flatMap((context) => context.pages())
    if (ada === undefined) throw new Error('nobody is there')
    await ada.goto(`${stage.url}/settings/keys`)
    await ada.getByRole('button', { name: 'Make a key' }).click()
    await ada.getByLabel('What it is for').fill('shop')
    await ada.getByRole('button', { name: 'Make the key' }).click()
    const secret = await ada.getByRole('textbox', { name: 'Secret' }).inputValue()
    expect(secret).toHaveLength(43)
    await ada.getByRole('button', { name: 'Done' }).click()
    await ada.getByRole('row', { name: /shop/ }).getByText('verify').waitFor()
    expect(await ada.content()).not.toContain(secret)
    await ada.getByRole('row', { name: /shop/ }).getByRole('button', { name: 'Revoke' }).click()
    const dialog = ada.getByRole('dialog')
    expect(await dialog.getByRole('button', { name: 'Revoke' }).isDisabled()).toBe(true)
    await dialog.getByLabel('Type "revoke" to go on').fill('revoke')
    await dialog.getByRole('button', { name: 'Revoke' }).click()
    await ada.getByRole('row', { name: /shop/ }).getByText('revoked').waitFor()
  })

  it('a quarter of an hour later the passkey is asked for once more, and what was asked is done', async () => {
    const [ada] = contexts.flatMap((context) => context.pages())
    if (ada === undefined) throw new Error('nobody is there')
    const session = async () =>
      (await ada.context().cookies()).find(({ name }) => name === 'tollgate_session')?.value
    const before = await session()
    stage.advance(16 * MINUTE)
    await ada.getByRole('button', { name: 'Make a key' }).click()
    await ada.getByLabel('What it is for').fill('late')
    await ada.getByRole('button', { name: 'Make the key' }).click()
    expect(await ada.getByRole('textbox', { name: 'Secret' }).inputValue()).toHaveLength(43)
    await ada.getByRole('button', { name: 'Done' }).click()
    expect(await session()).not.toBe(before)
  })

  it.each([
    ['sign-in', '/sign-in', 'Sign in'],
    ['sign-in after a refusal', '/sign-in?problem=oidc_refused', 'Sign in'],
    ['a link that does not work', '/sign-in/setup#token=short', 'This link does not work'],
    ['a one-time link', 'link', 'Welcome'],
  ])('%s is accessible, wide and on a phone, light and dark', async (_what, path, heading) => {
    const made = await stage.access.administration.invite('test', {
      name: `${heading}`,
      role: 'viewer',
    })
    const token = made.ok ? made.value.token : ''
    const context = await browser.newContext()
    context.setDefaultTimeout(PATIENCE_MS)
    await context.addInitScript(AXE)
    const page = await context.newPage()
    await page.goto(stage.url + (path === 'link' ? `/sign-in/setup#token=${token}` : path))
    await page.getByRole('heading', { name: heading }).waitFor()
    for (const width of [1_440, 390])
      for (const colorScheme of ['light', 'dark'] as const) {
        await show(page, width, colorScheme)
        expect(await faultsOf(page, 'all'), `${width} ${colorScheme}`).toEqual([])
        const beyond = await page
          .locator('main')
          .evaluate((main) => main.scrollWidth - main.clientWidth)
        expect(beyond, 'scrolls sideways').toBe(0)
      }
    await context.close()
  })

  it("the organisation's provider brings people back to the page they wanted", async () => {
    provider.next('grace')
    const grace = await somebody()
    await grace.goto(`${stage.url}/checklist`)
    await grace.getByRole('link', { name: /Sign in with 127/ }).click()
    await grace.waitForURL(`${stage.url}/checklist`)
    await grace.getByRole('button', { name: 'Account of grace@example.com' }).waitFor()
    const session = (await grace.context().cookies()).find(
      ({ name }) => name === 'tollgate_session',
    )
    expect(session).toMatchObject({ httpOnly: true, sameSite: 'Strict' })
    await grace.goto(`${stage.url}/settings/users`)
    await grace.getByText(/You sign in with 127/).waitFor()

    provider.next('')
    const other = await somebody()
    await other.goto(`${stage.url}/`)
    await other.getByRole('link', { name: /Sign in with 127/ }).click()
    await other.getByRole('alert').getByText('you are not let in here').waitFor()
  })
})
