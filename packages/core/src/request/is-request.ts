/** True for a `Request`, also of another copy of the class: it is recognized by its members. */
export const isRequest = (input: unknown): input is Request =>
  typeof input === 'object' &&
  input !== null &&
  'url' in input &&
  'method' in input &&
  'headers' in input &&
  typeof (input.headers as Partial<Headers> | null)?.[Symbol.iterator] === 'function'
