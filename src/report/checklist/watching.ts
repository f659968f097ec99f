import { type Check, type CheckId, hears, pass, sinkCount } from './row.js'

/** Who is told. */
export const WATCHING_CHECKS: Record<
  Extract<CheckId, 'ratio-alarm' | 'geographic-alerts' | 'daily-report'>,
  Check
> = {
  'ratio-alarm': {
    group: 'watching',
    title: 'Somebody is told when conversion falls',
    of: (facts) =>
      hears(facts, 'conversion.low') ??
      pass(
        'Verified over sent falls before the bill comes.',
        `rule on, ${sinkCount(facts.sinks.length)}`,
      ),
  },
  'geographic-alerts': {
    group: 'watching',
    title: 'Somebody is told of new countries',
    of: (facts) =>
      hears(facts, 'country.new') ??
      pass(
        'Pumping begins where nobody lived before.',
        `rule on, ${sinkCount(facts.sinks.length)}`,
      ),
  },
  'daily-report': {
    group: 'watching',
    title: 'The daily report is read',
    of({ sinks }) {
      const daily = sinks.filter(({ reports }) => reports.includes('daily')).length
      if (daily > 0)
        return pass('What stays under every threshold shows in the day.', `to ${sinkCount(daily)}`)
      return {
        state: 'warn',
        why: 'Slow attacks stay under every threshold: they show in a day that somebody looks at.',
        evidence: 'sent to nobody',
        remedy: { kind: 'page', label: 'Send it to somebody', to: '/settings/alerts' },
      }
    },
  },
}
