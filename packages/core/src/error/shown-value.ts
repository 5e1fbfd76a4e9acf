/** The built-in type of an object: `Object`, `Array`, `Map`; of another realm's, too. */
export const typeOf = (value: unknown): string => Object.prototype.toString.call(value).slice('[object '.length, -1)

/** A value as an error shows it. */
export const shown = (value: unknown): string =>
  typeof value === 'string'
    ? JSON.stringify(value)
    : typeof value !== 'object' || value === null
      ? typeof value === 'function'
        ? 'a function'
        : String(value)
      : typeOf(value) === 'Object'
        ? 'an object'
        : `${/^[AEIOU]/.test(typeOf(value)) ? 'an' : 'a'} ${typeOf(value)}`

/** The kind of a value that may be a secret. */
export const kindOf = (value: unknown): string =>
  value === ''
    ? 'an empty text'
    : value === undefined || typeof value === 'object'
      ? shown(value)
      : `a value of type ${typeof value}`
