import { type Contender, sendOnce } from '../model/contender.ts'

/** `fetch` with a time limit and nothing else. */
export const bare: Contender = {
  name: 'no retry',
  start:
    async ({ fetch }) =>
    async (request) =>
      (await sendOnce(fetch, request)).status,
}
