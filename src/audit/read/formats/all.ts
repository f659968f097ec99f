import { awsEndUserMessaging, awsPinpoint, awsSns, awsSnsUsage } from './aws.js'
import type { Format } from './format.js'
import { infobip } from './infobip.js'
import { bird, messagebird } from './messagebird.js'
import { plainNames } from './plain.js'
import { plivo } from './plivo.js'
import { sinch } from './sinch.js'
import { telnyx } from './telnyx.js'
import { tollgateLedger, tollgateTraffic } from './tollgate.js'
import { twilioMessages } from './twilio-messages.js'
import { twilioVerifyAttempts } from './twilio-verify-attempts.js'
import { vonageSms } from './vonage-sms.js'
import { vonageVerify } from './vonage-verify.js'

/** Every format that is recognised by its columns; the first that fits is taken. */
export const FORMATS: readonly Format[] = [
  twilioVerifyAttempts,
  twilioMessages,
  awsSns,
  awsSnsUsage,
  awsEndUserMessaging,
  awsPinpoint,
  plivo,
  infobip,
  vonageVerify,
  vonageSms,
  messagebird,
  bird,
  telnyx,
  tollgateLedger,
  tollgateTraffic,
  sinch,
  plainNames,
]
