import type { SinkType } from '../../../../src/desk/alert/sink'
import type { SinkInput, SinkView } from '../../../../src/http/console/alerts-view'

/** What each type of sink asks for. */
export const TYPES: Readonly<Record<SinkType, { name: string; secret: string; about: string }>> = {
  slack: {
    name: 'Slack',
    secret: 'Webhook URL',
    about: 'URL of an incoming webhook: https://hooks.slack.com/services/…',
  },
  email: { name: 'E-mail', secret: 'Password', about: 'of the user at the SMTP server' },
  pagerduty: {
    name: 'PagerDuty',
    secret: 'Integration key',
    about: 'of an Events API v2 integration, 32 characters',
  },
  webhook: {
    name: 'Webhook',
    secret: 'Signing secret',
    about: 'whsec_ and base64; left empty, one is made and shown once',
  },
}

/** The fields of the form: those of all types side by side, so that changing the type loses nothing. */
export interface SinkFields {
  name: string
  type: SinkType
  enabled: boolean
  minimum: SinkInput['minimum']
  secret: string
  url: string
  host: string
  port: number | string
  security: 'tls' | 'starttls' | 'none'
  user: string
  from: string
  to: string[]
  isQuiet: boolean
  quietFrom: string
  quietTo: string
  timeZone: string
  reports: ('daily' | 'monthly')[]
}

export function fieldsOf(sink: SinkView | null): SinkFields {
  const place = sink?.place
  const email = place?.type === 'email' ? place : null
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone
  return {
    name: sink?.name ?? '',
    type: place?.type ?? 'slack',
    enabled: sink?.enabled ?? true,
    minimum: sink?.minimum ?? 'warning',
    secret: '',
    url: place !== undefined && 'url' in place ? place.url : '',
    host: email?.host ?? '',
    port: email?.port ?? 587,
    security: email?.security ?? 'starttls',
    user: email?.user ?? '',
    from: email?.from ?? '',
    to: email?.to ?? [],
    isQuiet: (sink?.quiet ?? null) !== null,
    quietFrom: sink?.quiet?.from ?? '22:00',
    quietTo: sink?.quiet?.to ?? '07:00',
    timeZone: sink?.quiet?.timeZone ?? here,
    reports: sink?.reports ?? [],
  }
}

/** Events API v2, US service region. */
export const PAGERDUTY = 'https://events.pagerduty.com/v2/enqueue'

function placeOf(fields: SinkFields): SinkInput['place'] {
  const { type, url, host, port, security, user, from, to } = fields
  if (type === 'slack') return { type }
  if (type === 'pagerduty') return { type, url: url.trim() === '' ? PAGERDUTY : url.trim() }
  if (type === 'webhook') return { type, url: url.trim() }
  const named = user.trim() === '' ? null : user.trim()
  return { type, host: host.trim(), port: Number(port), security, user: named, from, to }
}

/** An empty secret leaves what is there. */
export function inputOf(fields: SinkFields): SinkInput {
  const { name, enabled, minimum, secret, isQuiet, quietFrom, quietTo, timeZone, reports } = fields
  return {
    ...{ name: name.trim(), enabled, minimum, reports, place: placeOf(fields) },
    quiet: isQuiet ? { from: quietFrom, to: quietTo, timeZone } : null,
    ...(secret.trim() !== '' && { secret: secret.trim() }),
  }
}
