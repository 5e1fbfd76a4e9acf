export type { Dispatcher } from './dispatcher.ts'
export { type UndiciFetch, type UndiciFetchOptions, undiciFetch } from './undici-fetch.ts'
