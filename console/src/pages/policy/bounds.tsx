import type { BoundView } from '../../../../src/http/console/policy-view'
import { Country, Money } from '../../kit'
import classes from './policy.module.css'

/** The worst case a day, as it is and as it would be. */
export function Bounds({
  now,
  then,
}: {
  now: readonly BoundView[]
  /** `null`: nothing was changed */
  then: readonly BoundView[] | null
}) {
  const shown = then ?? now
  return (
    <>
      <p className={classes.fieldAbout}>
        The most that an attacker who verifies nothing can make the policy spend, whatever he
        rotates and even if he solves every challenge. It does not hold for numbers on the allow
        list and callers that are trusted.
      </p>
      <div className={classes.scroll}>
        <table className={classes.table} aria-label="Worst case a day">
          <thead>
            <tr>
              <th scope="col">Service and country</th>
              <th scope="col" data-align="end">
                An hour
              </th>
              <th scope="col" data-align="end">
                A day
              </th>
              {then !== null && (
                <th scope="col" data-align="end">
                  A day, now
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {shown.flatMap((bound) => {
              const before = now.find(({ service }) => service === bound.service)
              return [
                <tr key={bound.service} className={classes.strong}>
                  <td>
                    {bound.service === 'default' ? 'any service' : bound.service}
                    {bound.mode === 'monitor' && (
                      <span className={classes.from}> in monitor mode nothing holds it</span>
                    )}
                  </td>
                  <td data-align="end">
                    <Money micro={bound.all.hourMicroUsd} />
                  </td>
                  <td data-align="end">
                    <Money micro={bound.all.dayMicroUsd} />
                  </td>
                  {then !== null && (
                    <td data-align="end" className={classes.was}>
                      <Money micro={before?.all.dayMicroUsd ?? null} />
                    </td>
                  )}
                </tr>,
                ...bound.countries.slice(0, 8).map(({ country, market, dayMicroUsd }) => (
                  <tr key={`${bound.service} ${country}`}>
                    <td className={classes.inner}>
                      <Country code={country} />
                      {market && <span className={classes.from}> market</span>}
                    </td>
                    <td />
                    <td data-align="end">
                      <Money micro={dayMicroUsd} />
                    </td>
                    {then !== null && (
                      <td data-align="end" className={classes.was}>
                        <Money
                          micro={
                            before?.countries.find((one) => one.country === country)?.dayMicroUsd ??
                            null
                          }
                        />
                      </td>
                    )}
                  </tr>
                )),
              ]
            })}
          </tbody>
        </table>
      </div>
    </>
  )
}
