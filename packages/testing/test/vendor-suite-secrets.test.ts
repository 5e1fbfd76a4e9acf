import type { Vendor } from '@holdfast/core/plugin'
import { expect, it } from 'vitest'
import { type SecretReply, type SecretRequest, type VendorSuiteOptions, vendorSuite } from '../src/index.ts'
import { documented, ferry, wire } from './ferry.ts'

const url = 'https://ferry.example/berths'
const request: SecretRequest = { method: 'POST', url, body: '{"berth":"number-seven"}', secrets: ['number-seven'] }

/** The tests on secrets that fail. */
async function failuresOf(vendor: Vendor, options: Pick<VendorSuiteOptions, 'secretRequests' | 'secretReplies'>) {
  const tests: { readonly name: string; readonly body: () => Promise<void> }[] = []
  const test = (name: string, body: () => Promise<void>) => void tests.push({ name, body })
  vendorSuite({ describe: (_, body) => body(), test }, { vendor, documented, wire, ...options } as VendorSuiteOptions)
  const failures: string[] = []
  for (const { name, body } of tests.filter((one) => one.name.startsWith('tells none')))
    await body().catch((error: unknown) => failures.push(`${name}: ${String(error)}`))
  return failures
}

it('finds a secret that the vendor does not know', async () => {
  const [failure, ...others] = await failuresOf(ferry() as Vendor, { secretRequests: [request] })
  expect(others).toEqual([])
  expect(failure).toMatch(/tells none of request 1, POST https:\/\/ferry\.example\/berths/)
  expect(failure).toMatch(/the record of calls: number-seven/)
  expect(failure).toMatch(/answered with a text, is told: number-seven/)
  expect(failure).toMatch(/a redirect leads the secrets to another host/)
})

it('passes a vendor that knows it, in each form of a body', async () => {
  const secretsIn: Vendor['secretsIn'] = ({ bodyText = '' }) => bodyText.match(/number-\w+/g) ?? []
  expect(await failuresOf({ ...(ferry() as Vendor), secretsIn }, { secretRequests: [request] })).toEqual([])
})

it('finds a secret of a reply that nothing names', async () => {
  const reply: SecretReply = {
    request: { method: 'GET', url },
    body: '{"berth":"number-seven"}',
    secrets: ['number-seven'],
  }
  const [failure] = await failuresOf(ferry() as Vendor, { secretReplies: [reply] })
  expect(failure).toMatch(/tells none of reply 1[\s\S]*with status 500, is told: number-seven/)
  expect(
    await failuresOf(ferry() as Vendor, { secretReplies: [{ ...reply, body: '{"token":"number-seven"}' }] }),
  ).toEqual([])
})
