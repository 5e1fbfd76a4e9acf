import { fetchFrom } from '@holdfast/testing'
import { beforeEach, expect, it, vi } from 'vitest'
import { vcenter } from '../src/simulator/index.ts'

beforeEach(() => void vi.useFakeTimers())

it('answers late, for as many requests as told', async () => {
  const vc = vcenter()
  vc.faults.slow(30_000, { times: 1 })
  const ask = () => fetchFrom(vc.handlers)('https://vc.example/api/vcenter/vm')
  let answered = false
  const late = ask().then(() => {
    answered = true
  })
  await vi.advanceTimersByTimeAsync(29_999)
  expect(answered).toBe(false)
  expect((await ask()).status).toBe(401)
  await vi.advanceTimersByTimeAsync(1)
  await late
  expect(answered).toBe(true)
})
