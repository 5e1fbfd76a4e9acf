/**
 * A text as one part of a URL, such as an identifier in a path or a value in a query: encoded, and with a sign in place of
 * half characters, of which `encodeURIComponent` makes an error.
 */
export const urlPart = (text: string): string => encodeURIComponent(text.toWellFormed())
