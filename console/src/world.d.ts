declare module 'virtual:world' {
  /** made by `console/world-plugin.ts` */
  export const world: {
    width: number
    height: number
    countries: { code: string; path: string; dot: [x: number, y: number] | null }[]
  }
}
