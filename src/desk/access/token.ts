import { hash } from 'node:crypto'

export type RandomBytes = (bytes: number) => Buffer

/** 256 random bits as text: what links and sessions are proven with. */
export const newToken = (random: RandomBytes): string => random(32).toString('base64url')

/**
 * What is kept of a secret: its SHA-256. Secrets here have 80 random bits or more, so that slowness would protect
 * nothing; and to look one up by its digest takes no time that tells how much of it was right.
 */
export const digest = (secret: string): string => hash('sha256', secret, 'base64url')
