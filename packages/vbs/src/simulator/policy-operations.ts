import {
  type Asked,
  type CloudReply,
  compact,
  listAt,
  type Operation,
  param,
  refuse,
  textAt,
} from '@holdfast/openstack/simulator'
import { type Policy, type PolicyTask, policyRecord } from './policies.ts'
import { isExecuting, runPolicy, type VbsState } from './state.ts'

/** Backup policies, their disks and their runs. */
export function policyOperations(state: VbsState): readonly Operation[] {
  const { policies } = state
  const path = '/v2/:project/backuppolicy'
  const one = `${path}/:policy`
  const resources = '/v2/:project/backuppolicyresources'
  return [
    { method: 'GET', path, run: () => compact(200, { backup_policies: policies.all.map(policyRecord) }) },
    { method: 'POST', path, run: (asked) => create(state, asked) },
    { method: 'PUT', path: one, run: (asked) => update(state, asked) },
    { method: 'DELETE', path: one, run: (asked) => remove(state, asked) },
    { method: 'POST', path: `${one}/action`, run: (asked) => runNow(state, asked) },
    { method: 'GET', path: `${one}/backuptasks`, run: (asked) => tasks(state, asked) },
    { method: 'POST', path: resources, run: (asked) => bind(state, asked) },
    { method: 'POST', path: `${resources}/:policy/deleted_resources`, run: (asked) => unbind(state, asked) },
  ]
}

function named({ policies }: VbsState, id: string): Policy {
  return policies.find(id) ?? refuse('AutoBackup.0205', 'There is no such policy.', 404)
}

function idle(state: VbsState, asked: Asked): Policy {
  const policy = named(state, param(asked, 'policy'))
  return isExecuting(state, policy) ? refuse('AutoBackup.0225', 'The policy is making backups.') : policy
}

function create({ policies }: VbsState, { body, done }: Asked): CloudReply {
  const policy = policies.create(body)
  done('policy.create', policy.id)
  return compact(200, { backup_policy_id: policy.id })
}

function update(state: VbsState, asked: Asked): CloudReply {
  const policy = idle(state, asked)
  state.policies.update(policy, asked.body)
  asked.done('policy.update', policy.id)
  return compact(200, { backup_policy_id: policy.id })
}

function remove(state: VbsState, asked: Asked): CloudReply {
  const policy = idle(state, asked)
  state.policies.remove(policy)
  asked.done('policy.delete', policy.id)
  return { status: 204 }
}

/** Answers without a job: the list of tasks has the result. */
function runNow(state: VbsState, asked: Asked): CloudReply {
  const policy = named(state, param(asked, 'policy'))
  runPolicy(state, policy)
  asked.done('policy.run', policy.id)
  return { status: 204 }
}

/** The newest first, unless the query sets another order. */
function tasks(state: VbsState, asked: Asked): CloudReply {
  const policy = named(state, param(asked, 'policy'))
  const query = asked.url.searchParams
  const found = policy.tasks
    .map((task) => taskRecord(state, task))
    .filter(({ status }) => !query.has('status') || query.get('status') === status)
  if (query.get('sort_dir') === 'asc') found.reverse()
  return compact(200, { tasks: found.slice(0, Number(query.get('limit') ?? 20)), count: found.length })
}

function taskRecord({ backups }: VbsState, { id, volume, at, backup: made, job }: PolicyTask) {
  const backup = backups.find(made ?? '')
  const ended = backup?.ended === 'error' ? 'EXECUTE_FAIL' : 'EXECUTE_SUCCESS'
  const status = backup?.work?.kind === 'backup' ? 'RUNNING' : ended
  return {
    status: made === undefined ? 'SKIP' : status,
    job_id: id,
    created_at: new Date(at).toISOString().slice(0, -1),
    ...(backup && { backup_name: backup.name }),
    resource_id: volume,
    resource_type: 'volume',
    ...(job !== undefined && { vbs_job_id: job }),
  }
}

/** Says for each disk whether it succeeded, but never the reason. A disk has one policy at most. */
function bind(state: VbsState, { body, done }: Asked): CloudReply {
  const policy = named(state, textAt(body, 'backup_policy_id') ?? refuse('AutoBackup.0006', 'No policy is named.'))
  const wanted = wantedIn(body)
  const fits = (id: string) =>
    state.settings.volumes.has(id) && !state.policies.all.some(({ volumes }) => volumes.has(id))
  const bound = wanted.filter(fits)
  for (const id of bound) policy.volumes.add(id)
  if (bound.length > 0) done('policy.bind', policy.id)
  return outcome(wanted, bound)
}

function unbind(state: VbsState, asked: Asked): CloudReply {
  const policy = named(state, param(asked, 'policy'))
  const wanted = wantedIn(asked.body)
  const unbound = wanted.filter((id) => policy.volumes.delete(id))
  if (unbound.length > 0) asked.done('policy.unbind', policy.id)
  return outcome(wanted, unbound)
}

function wantedIn(body: unknown): readonly string[] {
  const wanted = listAt(body, 'resources').map((resource) => textAt(resource, 'resource_id') ?? '')
  return wanted.length > 0 ? wanted : refuse('AutoBackup.0207', 'No disk is named.')
}

function outcome(wanted: readonly string[], done: readonly string[]): CloudReply {
  const resource = (resource_id: string) => ({
    ...{ resource_id, os_vol_host_attr: 'pod01.eu-de-01', availability_zone: 'eu-de-01', resource_type: 'volume' },
  })
  return compact(200, {
    success_resources: done.map(resource),
    fail_resources: wanted.filter((id) => !done.includes(id)).map(resource),
  })
}
