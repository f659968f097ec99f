import { errorTable } from './errors.js'

/** The text of docs/errors.md. */
export const errorsPage = (): string => `# Errors

<!-- made from src/http/errors.ts; a test holds the two equal -->

The native API (\`/v1\`) answers with problem details ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457),
\`application/problem+json\`):

\`\`\`json
{
  "type": "urn:tollgate:error:validation",
  "title": "Invalid request",
  "status": 400,
  "detail": "/context/device_id unknown field (did you mean deviceId?)",
  "code": "validation",
  "instance": "urn:tollgate:request:f8983458-2a",
  "errors": [{ "path": "/context/device_id", "message": "unknown field", "hint": "did you mean deviceId?" }]
}
\`\`\`

\`code\` is what programs should look at. \`errors\` is there where single fields are wrong: \`path\` is a JSON pointer into the
body, or begins with \`query\`, \`path\` or \`header\`. \`retryAfter\` (and the header \`Retry-After\`) says in how many seconds the same
request may succeed. \`instance\` names the request in the log.

A verdict is no error: \`POST /v1/decisions\` answers 200 and \`POST /v1/verifications\` 201 whether the verdict is allow,
challenge, hold or deny.

The Twilio-compatible API (\`/v2\`) answers \`{code, message, more_info, status}\` with Twilio's code and status, given in the third
column, and \`details\` with our code and more.

${errorTable()}
`
