import type { Rule } from './context.js'

/**
 * Step 8: the signals. The threshold falls as the binding line fills (random early detection): at its limit, what is
 * left goes to those who look like people. Risk asks for a challenge, and never denies.
 */
export const risk: Rule = ({ service, readings, sense, soft }) => {
  const { p, score } = sense.weighed
  const { challenge, challengeWhenFull, from } = service.policy.risk
  const { binding, utilisation } = readings
  const full = binding < 0 ? 0 : Math.min(1, utilisation[binding] as number)
  const pressure = full <= from ? 0 : (full - from) / (1 - from)
  const threshold = challenge - (challenge - challengeWhenFull) * pressure
  if (p < threshold) return
  soft.push({
    code: 'risk.high',
    verdict: 'challenge',
    subject: sense.weighed.evidence[0]?.code ?? 'prior',
    observed: score,
    limit: Math.round(100 * threshold),
    unit: 'score',
    windowMs: null,
    until: null,
  })
}
