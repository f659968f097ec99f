/** What a terminal takes for a command, or what turns its text round; ends of lines and tabs are our own. */
const COMMANDS = /[^\P{Cc}\n\t]|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu
const BREAKS = /[\n\t]/g

const escaped = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/** Text as a terminal may have it: names and files are strangers' words. Written as JSON does, so that JSON stays the same. */
export const shown = (text: string): string => text.replace(COMMANDS, escaped)

/** A stranger's words within a line: they end none. */
export const inLine = (text: string): string => text.replace(BREAKS, escaped)
