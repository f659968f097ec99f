import type { MeView } from '../../../../src/http/console/access-view'
import { Loaded, Section, useApi } from '../../kit'
import { OwnPasskeys } from './own-passkeys'
import { OwnRecoveryCodes } from './own-recovery-codes'
import { OwnSessions } from './own-sessions'

/** One's own passkeys, recovery codes and sessions. */
export function OwnAccess() {
  const me = useApi<MeView>('me', {}, { live: ['access'] })
  return (
    <Loaded query={me}>
      {(data) => (
        <>
          {data.provider === null ? (
            <>
              <OwnPasskeys me={data} />
              <OwnRecoveryCodes left={data.recoveryCodesLeft} />
            </>
          ) : (
            <Section title="Your sign-in">
              You sign in with {data.provider}. Passkeys and recovery codes are kept there.
            </Section>
          )}
          <OwnSessions sessions={data.sessions} />
        </>
      )}
    </Loaded>
  )
}
