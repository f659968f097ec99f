/** Oldest Node that has what is used here, as `engines` of package.json says. Nothing may be imported here. */
const OLDEST = [20, 19] as const

/** @param version such as `20.19.0`. @returns what is wrong with it, or `null` */
export function nodeProblem(version: string): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return null
  return `needs Node ${OLDEST.join('.')} or newer, this is v${version}`
}
