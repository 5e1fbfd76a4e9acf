import ky from 'ky'
import { describe, expect, it } from 'vitest'
import { isOptionsError, resilient } from '../src/index.ts'
import { kyOptions, resilientKy } from '../src/ky.ts'
import { fine, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'

const optionsError = async (make: () => unknown) => {
  const thrown = await Promise.resolve()
    .then(make)
    .catch((error: unknown) => error)
  return isOptionsError(thrown) ? thrown : expect.unreachable(`no OptionsError but ${String(thrown)}`)
}

describe('a name that neither ky nor we know, and that is near to one of theirs or another library’s,', () => {
  it.each([
    ['retrys', 'is not known. Did you mean `retry`?'],
    ['throwHttpError', 'is not known. Did you mean `throwHttpErrors`?'],
    ['prefixUrl', 'is not known. Did you mean `prefix`?'],
    ['acceptAchived', 'is not known. Did you mean `acceptAchieved`?'],
    ['retries', 'is `retry` here.'],
    ['retryDelay', 'is `retry: { backoff }` here.'],
    ['retryOn', 'is `errors` here: what an error means decides.'],
    ['onRetry', 'is `observers` here.'],
  ])('is refused by `resilientKy`, in a call and in `extend`: %s', async (name, problem) => {
    const { fetch, sent } = stubFetch(fine)
    const options = { [name]: 2 }
    for (const make of [
      () => resilientKy({ fetch, ...options }),
      () => resilientKy({ fetch }).get(url, options),
      () => resilientKy({ fetch }).extend(options).get(url),
      () => ky.create(kyOptions(resilient(fetch))).get(url, options),
    ])
      expect(await optionsError(make)).toMatchObject({ option: name, problem })
    expect(sent).toEqual([])
  })

  it.each(['concurrency', 'vendor', 'breaker', 'observers', 'init'])(
    'or an option of clients in a call, is refused: %s',
    async (name) => {
      const { fetch, sent } = stubFetch(fine)
      const error = await optionsError(() => resilientKy({ fetch }).get(url, { [name]: 2 }))
      expect(error).toMatchObject({ option: name, problem: 'is an option of a client, and of no call.' })
      expect(sent).toEqual([])
    },
  )

  it('is told from those that are for a `fetch` of some runtime', async () => {
    const { fetch, sent } = stubFetch(fine)
    const further = {
      next: { revalidate: 1 },
      cf: {},
      unix: '/s',
      fetcher: null,
      proxy: 'x',
      tls: {},
      verbose: false,
      agent: 1,
    } as object
    expect(
      await resilientKy({ fetch, ...further })
        .get(url, further)
        .text(),
    ).toBe('fine')
    expect(sent).toHaveLength(1)
  })
})

it.each([{ retry: 2 }, undefined, 7])('`kyOptions` is given a client, and refuses anything else: %j', async (given) => {
  expect(await optionsError(() => kyOptions(given as never))).toMatchObject({
    option: 'client',
    problem: expect.stringContaining('must be a client'),
  })
})

it('hooks in the place of those of `kyOptions` are refused: without ours a call has ky’s own time-out, and no verdict', async () => {
  const { fetch, sent } = stubFetch(fine)
  const hooks = { beforeRequest: [() => {}] }
  const under = kyOptions(resilient(fetch))
  expect(await optionsError(() => ky.create({ ...under, hooks }).get(url))).toMatchObject({
    option: 'hooks',
    problem: 'took the place of those of `kyOptions`: add yours by `.extend({ hooks })`.',
  })
  expect(sent).toEqual([])
  expect((await ky.create(under).extend({ hooks }).get(url)).status).toBe(200)
})
