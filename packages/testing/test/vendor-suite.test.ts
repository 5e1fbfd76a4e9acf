import { describe, expect, test, vi } from 'vitest'
import { fakeTimers, vendorSuite } from '../src/index.ts'
import { documented, ferry, ticketOffice, wire } from './ferry.ts'

describe('without credentials, in real time', () => {
  vendorSuite({ describe, test, expect }, { vendor: ferry(), documented, wire })
})

describe('with credentials, in fake time', () => {
  vendorSuite(
    { describe, test, expect },
    {
      vendor: ferry(true),
      documented,
      wire,
      login: ticketOffice(),
      fine: [{ status: 200, body: '{"code":"FOG"}' }, { status: 204 }],
      timers: fakeTimers(vi),
    },
  )
})
