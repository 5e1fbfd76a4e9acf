/**
 * The given identifier of what is asked about. Without one, a service would say that it does not know it, and so that it is deleted.
 *
 * @throws {TypeError} for what is no text, and for an empty one.
 */
export function identifier(given: string): string {
  if (typeof given === 'string' && given !== '') return given
  const what = given === '' ? 'an empty one' : given === null ? 'null' : `a value of type ${typeof given}`
  throw new TypeError(`An identifier must be a text that is not empty, got ${what}.`)
}

/**
 * A text as one part of a URL, such as an identifier in a path or a value in a query: encoded, and with a sign in place of
 * half characters, of which `encodeURIComponent` makes an error.
 */
export const urlPart = (text: string): string => encodeURIComponent(text.toWellFormed())
