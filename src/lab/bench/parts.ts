/** What a report is made of; each has contenders of its own. */
export const PARTS = ['headline', 'curves', 'ablations'] as const
export type Part = (typeof PARTS)[number]
