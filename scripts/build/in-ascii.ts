import type { Rolldown } from 'tsdown'

/**
 * Writes what is not ASCII as escapes. One character beyond Latin-1 makes V8 keep all of a file in two bytes a character, and
 * it takes a third longer to compile.
 */
export function inAscii(): Rolldown.Plugin {
  return {
    name: 'in-ascii',
    // The last hook of all: those before it print strings anew.
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) if (file.type === 'chunk') file.code = escaped(file.code)
    },
  }
}

/** A program that means the same, if it has nothing beyond ASCII but in strings, templates and patterns. */
export const escaped = (code: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII begins with them.
  code.replace(/[^\u0000-\u007f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
