import { describe, expect, it } from 'vitest'
import { holdsWantedState } from '../src/achieved.ts'
import { openstackVendor } from '../src/index.ts'
import { catalogue, replyOf } from './tiny.ts'

const id = '8e9c4a1e-3a86-4f1f-9b2a-0d6f4c7c3b11'
const request = { method: 'POST', path: `/v2.1/servers/${id}/action` }
const refusal = (action: string, state: string, instance = id) =>
  `Cannot '${action}' instance ${instance} while it is in vm_state ${state}`

describe('a refused action on a server holds its wanted state', () => {
  it.each([
    ['start', 'active'],
    ['stop', 'stopped'],
    ['pause', 'paused'],
    ['unpause', 'active'],
    ['suspend', 'suspended'],
    ['resume', 'active'],
    ['shelve', 'shelved_offloaded'],
    ['rescue', 'rescued'],
  ])('%s where it is %s', (action, state) => {
    expect(holdsWantedState(refusal(action, state), request)).toBe(true)
  })

  it.each([
    ['another state', refusal('start', 'paused'), request],
    ['a task under way', `Cannot 'stop' instance ${id} while it is in task_state powering-off`, request],
    ['another server', refusal('start', 'active', 'b-2'), request],
    ['another action', refusal('resize', 'active'), request],
    ['another path', refusal('start', 'active'), { method: 'POST', path: `/v2.1/servers/${id}` }],
    ['a read', refusal('start', 'active'), { ...request, method: 'GET' }],
  ])('not in %s', (_, message, asked) => {
    expect(holdsWantedState(message, asked)).toBe(false)
  })
})

it('a vendor of a service reads it as an achieved conflict', () => {
  const vendor = openstackVendor(
    {
      name: 'tiny',
      catalogue,
      paths: '',
      ownCodes: /^TINY/,
      paramsOf: () => undefined,
      successKindOf: () => undefined,
      failureIn200: () => undefined,
      isSafe: () => undefined,
      isRepeatableWrite: () => false,
      verificationOf: () => undefined,
    },
    { origin: undefined, auth: undefined },
  )
  const text = JSON.stringify({ conflictingRequest: { code: 409, message: refusal('start', 'active') } })
  const asked = { method: 'POST', url: `https://nova.example${request.path}`, body: { 'os-start': null } }
  const fault = vendor.parse(replyOf(409, text, asked))
  expect(fault).toMatchObject({ code: 'conflictingRequest', achieved: true })
  expect(fault && catalogue.find(fault)?.kind).toBe('conflict')
})
