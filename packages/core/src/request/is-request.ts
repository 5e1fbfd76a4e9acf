/** Known by its shape: a `Request` of another copy of the platform's classes is one, too. */
export const isRequest = (input: unknown): input is Request =>
  typeof input === 'object' &&
  input !== null &&
  'url' in input &&
  'method' in input &&
  'headers' in input &&
  typeof (input.headers as Partial<Headers> | null)?.[Symbol.iterator] === 'function'
