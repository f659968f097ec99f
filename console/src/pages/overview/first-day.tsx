import { Button, CopyButton } from '@mantine/core'
import type { OverviewView } from '../../../../src/http/console/overview-view'
import { Column, Section } from '../../kit'
import classes from './first-day.module.css'

/** Nobody has asked for a code yet: what to try. */
export function FirstDay({ service, to, sends }: NonNullable<OverviewView['firstDay']>) {
  const path = sends ? '/v1/verifications' : '/v1/decisions'
  const line = `curl -sS -u "$TOLLGATE_KEY" -H 'content-type: application/json' -d '${JSON.stringify({ service, to })}' ${location.origin}${path}`
  return (
    <Column>
      <Section
        title="Nobody has asked for a code yet"
        about={
          sends
            ? 'Try it with the key that the first start printed, as id:secret in TOLLGATE_KEY. The code is printed where the gateway runs; no message leaves.'
            : 'Try it with the key that the first start printed, as id:secret in TOLLGATE_KEY. It asks for a decision and sends nothing.'
        }
      >
        <pre className={classes.line}>{line}</pre>
        <CopyButton value={line}>
          {({ copied, copy }) => (
            <Button variant="default" size="xs" onClick={copy}>
              {copied ? 'Copied' : 'Copy the line'}
            </Button>
          )}
        </CopyButton>
      </Section>
      <Section title="Then">
        <ol className={classes.then}>
          <li>This page shows the request within a second, by itself.</li>
          <li>
            Let your application ask here before it sends. Leave the service in monitor mode for a
            week: verdicts are recorded and nothing is refused.
          </li>
          <li>Read on this page what would have been refused, then switch to enforce in Policy.</li>
        </ol>
      </Section>
    </Column>
  )
}
