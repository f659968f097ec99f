/**
 * How much better `times` the usual rate explains a count than the usual one, natural log: the engine's law of count
 * surprise (negative binomial, for rates of ranges differ) where the usual count of the window is known from the rest
 * of the log.
 * @param usual sessions usual in the window
 * @param shape how well the rate is known: 0.5 and the sessions seen outside the window
 */
export function surpriseOfCount(
  count: number,
  usual: number,
  shape: number,
  times: number,
): number {
  const attacked = times * usual
  return (
    count * Math.log((times * (shape + usual)) / (shape + attacked)) -
    shape * Math.log((shape + attacked) / (shape + usual))
  )
}
