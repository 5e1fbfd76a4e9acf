import { listAt, textAt } from '../dig.ts'
import { type Asked, type Operation, param } from '../operation.ts'
import { refuse } from '../refusal.ts'
import { type CloudReply, compact } from '../reply.ts'
import { type Policy, type PolicyTask, policyRecord } from './policies.ts'
import { isExecuting, runPolicy, type VbsWorld } from './world.ts'

/** Backup policies, their disks and their runs. */
export function policyOperations(world: VbsWorld): readonly Operation[] {
  const { policies } = world
  const path = '/v2/:project/backuppolicy'
  const one = `${path}/:policy`
  const resources = '/v2/:project/backuppolicyresources'
  return [
    { method: 'GET', path, run: () => compact(200, { backup_policies: policies.all.map(policyRecord) }) },
    { method: 'POST', path, run: (asked) => create(world, asked) },
    { method: 'PUT', path: one, run: (asked) => update(world, asked) },
    { method: 'DELETE', path: one, run: (asked) => remove(world, asked) },
    { method: 'POST', path: `${one}/action`, run: (asked) => runNow(world, asked) },
    { method: 'GET', path: `${one}/backuptasks`, run: (asked) => tasks(world, asked) },
    { method: 'POST', path: resources, run: (asked) => bind(world, asked) },
    { method: 'POST', path: `${resources}/:policy/deleted_resources`, run: (asked) => unbind(world, asked) },
  ]
}

function named({ policies }: VbsWorld, id: string): Policy {
  return policies.find(id) ?? refuse('AutoBackup.0205', 'There is no such policy.', 404)
}

function idle(world: VbsWorld, asked: Asked): Policy {
  const policy = named(world, param(asked, 'policy'))
  return isExecuting(world, policy) ? refuse('AutoBackup.0225', 'The policy is making backups.') : policy
}

function create({ policies }: VbsWorld, { body, done }: Asked): CloudReply {
  const policy = policies.create(body)
  done('policy.create', policy.id)
  return compact(200, { backup_policy_id: policy.id })
}

function update(world: VbsWorld, asked: Asked): CloudReply {
  const policy = idle(world, asked)
  world.policies.update(policy, asked.body)
  asked.done('policy.update', policy.id)
  return compact(200, { backup_policy_id: policy.id })
}

function remove(world: VbsWorld, asked: Asked): CloudReply {
  const policy = idle(world, asked)
  world.policies.remove(policy)
  asked.done('policy.delete', policy.id)
  return { status: 204 }
}

/** Answers with no job: what came of it stands in the list of tasks. */
function runNow(world: VbsWorld, asked: Asked): CloudReply {
  const policy = named(world, param(asked, 'policy'))
  runPolicy(world, policy)
  asked.done('policy.run', policy.id)
  return { status: 204 }
}

/** The newest first, unless the query says otherwise. */
function tasks(world: VbsWorld, asked: Asked): CloudReply {
  const policy = named(world, param(asked, 'policy'))
  const query = asked.url.searchParams
  const found = policy.tasks
    .map((task) => taskRecord(world, task))
    .filter(({ status }) => !query.has('status') || query.get('status') === status)
  if (query.get('sort_dir') === 'asc') found.reverse()
  return compact(200, { tasks: found.slice(0, Number(query.get('limit') ?? 20)), count: found.length })
}

function taskRecord({ backups }: VbsWorld, { id, volume, at, backup: made, job }: PolicyTask) {
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

/** Says for each disk whether it went well, and never why not. A disk has one policy at most. */
function bind(world: VbsWorld, { body, done }: Asked): CloudReply {
  const policy = named(world, textAt(body, 'backup_policy_id') ?? refuse('AutoBackup.0006', 'No policy is named.'))
  const wanted = wantedIn(body)
  const fits = (id: string) =>
    world.settings.volumes.has(id) && !world.policies.all.some(({ volumes }) => volumes.has(id))
  const bound = wanted.filter(fits)
  for (const id of bound) policy.volumes.add(id)
  if (bound.length > 0) done('policy.bind', policy.id)
  return outcome(wanted, bound)
}

function unbind(world: VbsWorld, asked: Asked): CloudReply {
  const policy = named(world, param(asked, 'policy'))
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
