export type { Dispatcher } from './dispatcher.ts'
export { type UndiciFetchOptions, undiciFetch } from './undici-fetch.ts'
