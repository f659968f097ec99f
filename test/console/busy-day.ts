import { HOUR, MINUTE } from '../../src/engine/units.js'
import type { AttackData } from '../../src/lab/actors/attack.js'
import { openStage, type Stage, type StageOptions } from './stage.js'

/** Strings that strangers send, each trying to be more than text. */
export const HOSTILE = {
  userAgent:
    '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>',
  accountId: '"><svg onload=document.title="owned">',
  deviceId: "javascript:document.title='owned'",
  /** right-to-left override, zero-width space, combining marks: must not turn what stands beside it around */
  unicode: '\u202Egnp.exe\u200B Z\u0351\u036Bal\u0343go',
}

/** Three blocks of the main market through rented homes, every challenge solved. */
export const ATTACK: AttackData = {
  kind: 'attack',
  campaign: 'three-blocks',
  phases: [{ startMs: 0, durationMs: 40 * MINUTE, attempts: 800 }],
  destinations: { targets: [{ kind: 'blocks', country: 'NG', count: 3 }] },
  sources: { addresses: { access: 'residential', count: null, from: ['*'] } },
  solves: { pow: 1, captcha: 1, channel: 0 },
}

/** Strangers with odd strings, and somebody who waits for review. */
export async function bringStrangers(stage: Stage): Promise<void> {
  for (let i = 0; i < 3; i++)
    await stage.start({
      ...{ to: `+23324555010${i}`, ip: `102.176.4.${i + 1}` },
      userAgent: i === 0 ? HOSTILE.unicode : HOSTILE.userAgent,
      accountId: i === 1 ? HOSTILE.unicode : HOSTILE.accountId,
      deviceId: HOSTILE.deviceId,
    })
  await stage.start({ to: HELD, ip: '2.72.12.9', userAgent: HOSTILE.userAgent })
  await stage.settle()
}

/** A day and a half of people, an attack under way, strangers, somebody who waits. */
export async function openBusyDay(options: StageOptions = {}): Promise<Stage> {
  const stage = await openStage({ historyMs: 36 * HOUR, ...options })
  stage.attack(ATTACK)
  await stage.playFor(20 * MINUTE)
  await bringStrangers(stage)
  return stage
}

/** A number of a country whose requests wait for a person. */
export const HELD = '+77015550123'
