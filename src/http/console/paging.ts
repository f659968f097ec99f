import { invalid } from '../refusal.js'

/** A place in a list of documents, newest first. */
export interface Place {
  at: number
  id: string
}

export const pageNext = ({ at, id }: Place): string => `${at}_${id}`

/** @throws Refusal on what no answer of ours has named */
export function pageBefore(text: string | undefined): Place | undefined {
  if (text === undefined) return undefined
  const [, at, id] = /^(\d{1,16})_(.{1,80})$/.exec(text) ?? []
  if (at === undefined || id === undefined)
    throw invalid('query/before', 'names no place in a list')
  return { at: Number(at), id }
}
