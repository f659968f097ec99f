import { IncomingWebhook, IncomingWebhookHTTPError } from '@slack/webhook'
import type { Post, PostAnswer } from '../post.js'
import type { OpenSink } from '../sink.js'
import { textOf, type Words } from '../wording.js'

/** Characters with a meaning in Slack's mrkdwn; escaped, nobody's text can mention a channel or hide a link. */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

export async function toSlack(sink: OpenSink, words: Words, post: Post): Promise<PostAnswer> {
  const webhook = new IncomingWebhook(sink.secret ?? '', {
    fetch: async (url, init) => {
      const { status, text } = await post(String(url), {
        headers: Object.fromEntries(new Headers(init?.headers)),
        body: String(init?.body),
      })
      return new Response(text, { status })
    },
  })
  try {
    const { text } = await webhook.send({ text: escaped(textOf(words)), unfurl_links: false })
    return { status: 200, text }
  } catch (error) {
    if (error instanceof IncomingWebhookHTTPError)
      return { status: error.statusCode, text: error.body }
    throw error instanceof Error && error.cause instanceof Error ? error.cause : error
  }
}
