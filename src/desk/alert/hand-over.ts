import { scrub } from '../../engine/mask.js'
import type { Notice } from './finding.js'
import { type Post, type PostAnswer, smtpProblem } from './post.js'
import type { Delivery, OpenSink } from './sink.js'
import { letterOf, toEmail } from './sinks/email.js'
import { toPagerDuty } from './sinks/pagerduty.js'
import { toSlack } from './sinks/slack.js'
import { toWebhook } from './sinks/webhook.js'
import { wordsOf } from './wording.js'

/** What a sink said, or why it said nothing. */
export interface Handed {
  ok: boolean
  /** HTTP or SMTP status; `null` without an answer */
  status: number | null
  /** the first of its own words */
  answer: string
  /** how long it asks to be left alone, ms */
  retryAfterMs?: number
}

export interface HandOverOptions {
  post: Post
  /** see `smtpProblem` */
  allowPrivate: boolean
  publicUrl: string | null
  signal: AbortSignal
  /** a report as HTML, for letters */
  htmlOf: (notice: Notice & { type: 'report' }) => Promise<string | null>
}

const MOST_WORDS = 300

/** One attempt to tell a sink. Never rejects. */
export type HandOver = (sink: OpenSink, notice: Notice, delivery: Delivery) => Promise<Handed>

export function createHandOver(options: HandOverOptions): HandOver {
  const { allowPrivate, publicUrl, signal, htmlOf } = options

  async function tell(sink: OpenSink, notice: Notice, delivery: Delivery, post: Post) {
    const words = wordsOf(notice, publicUrl)
    const { place } = sink
    switch (place.type) {
      case 'slack':
        return toSlack(sink, words, post)
      case 'pagerduty':
        return toPagerDuty({ ...sink, place }, notice, words, post)
      case 'webhook':
        return toWebhook({ ...sink, place }, notice, words, delivery, post)
      case 'email': {
        const problem = smtpProblem(place.port, allowPrivate)
        if (problem !== null) throw new Error(`port ${place.port} ${problem}`)
        const html = notice.type === 'report' ? await htmlOf(notice) : null
        return toEmail({ ...sink, place }, letterOf(place, notice, words, delivery, html), signal)
      }
    }
  }

  return async (sink, notice, delivery) => {
    // the client of Slack does not hand on what is beside status and body
    let asked: Pick<PostAnswer, 'retryAfterMs'> = {}
    const post: Post = async (...message) => {
      const { retryAfterMs, ...answer } = await options.post(...message)
      if (retryAfterMs !== undefined) asked = { retryAfterMs }
      return answer
    }
    try {
      const { status, text } = await tell(sink, notice, delivery, post)
      return { ok: status >= 200 && status < 300, status, answer: shown(text), ...asked }
    } catch (error) {
      const { code, responseCode, message } = error as NodeJS.ErrnoException & {
        responseCode?: number
      }
      const words = message === '' ? (code ?? 'no connection') : message
      return { ok: false, status: responseCode ?? null, answer: shown(words) }
    }
  }
}

/** Strangers' words: no control characters, no numbers, not without end. */
const shown = (text: string): string =>
  scrub(text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').trim()).slice(0, MOST_WORDS)
