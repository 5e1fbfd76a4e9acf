import {
  type Asked,
  type CloudReply,
  dig,
  type Operation,
  param,
  refuse,
  spaced,
  textAt,
} from '@holdfast/openstack/simulator'
import { badProvider, noPolicy } from './messages.ts'
import { type Policy, policyRecord } from './policies.ts'
import { iso } from './record.ts'
import { type CsbsState, isExecuting, provider, runPolicy } from './state.ts'

/** Backup policies, and running one. */
export function policyOperations(state: CsbsState): readonly Operation[] {
  const { policies } = state
  const path = '/v1/:project/policies'
  const one = `${path}/:policy`
  const record = (policy: Policy, asked: Asked) => policyRecord(policy, param(asked, 'project'), provider)
  return [
    {
      method: 'GET',
      path,
      run: (asked) =>
        spaced(200, { policies: policies.all.map((policy) => record(policy, asked)), count: policies.all.length }),
    },
    {
      method: 'POST',
      path,
      run(asked) {
        if (textAt(asked.body, 'policy', 'provider_id') !== provider) badProvider()
        const policy = policies.create(dig(asked.body, 'policy'), state.clock.now())
        asked.done('policy.create', policy.id)
        return spaced(200, { policy: record(policy, asked) })
      },
    },
    { method: 'GET', path: one, run: (asked) => spaced(200, { policy: record(known(state, asked), asked) }) },
    {
      method: 'PUT',
      path: one,
      run(asked) {
        const policy = idle(state, asked)
        policies.update(policy, dig(asked.body, 'policy'))
        asked.done('policy.update', policy.id)
        return spaced(200, { policy: record(policy, asked) })
      },
    },
    {
      method: 'DELETE',
      path: one,
      run(asked) {
        const policy = idle(state, asked)
        policies.remove(policy)
        asked.done('policy.delete', policy.id)
        return { status: 200 }
      },
    },
    { method: 'POST', path: '/v1/:project/providers/:provider/checkpoints', run: (asked) => run(state, asked) },
  ]
}

const known = ({ policies }: CsbsState, asked: Asked): Policy => policies.find(param(asked, 'policy')) ?? noPolicy()

function idle(state: CsbsState, asked: Asked): Policy {
  const policy = known(state, asked)
  return isExecuting(state, policy) ? refuse('CSBS.2004', 'item in plan executing') : policy
}

function run(state: CsbsState, asked: Asked): CloudReply {
  if (param(asked, 'provider') !== provider) badProvider()
  const policy = state.policies.find(textAt(asked.body, 'checkpoint', 'plan_id') ?? '') ?? noPolicy()
  const checkpoint = runPolicy(state, policy, false)
  asked.done('policy.run', policy.id)
  return spaced(200, {
    checkpoint: {
      ...{ status: 'protecting', created_at: iso(state.clock.now()), id: checkpoint, resource_graph: null },
      project_id: param(asked, 'project'),
      protection_plan: { id: policy.id, resources: policy.resources, name: policy.name },
      extra_info: '{"created_by": "manual"}',
    },
  })
}
