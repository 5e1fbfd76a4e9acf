import type { ErrorRow } from '@holdfast/core/plugin'

const ironic = 'openstack/ironic ironic/common/exception.py'
const manila =
  'openstack/manila manila/exception.py (InvalidShare, ShareBusyException), manila/api/v2/shares.py, manila/share/api.py'

const shareBusy = <const Base extends string>(refines: Base) =>
  ({
    code: 'SHARE_BUSY',
    refines,
    when: { includes: ['is busy with an active task'] },
    kind: 'retryable',
    outcome: 'rejected',
    pace: 'slow',
    busy: true,
    hint: 'Wait until the migration of the share has ended, or cancel it.',
    source: manila,
    why: 'A task ends by itself, and is met before anything is done, though served as a missing right.',
  }) as const

const stackBusy = <const Base extends string>(refines: Base) =>
  ({
    code: 'STACK_BUSY',
    refines,
    when: { includes: ['already has an action (', 'already has an operation in progress'] },
    kind: 'retryable',
    outcome: 'rejected',
    pace: 'slow',
    busy: true,
    hint: 'Wait until the stack, cluster or node group is no longer in progress.',
    source:
      'openstack/heat heat/common/exception.py (ActionInProgress), heat/engine/stack_lock.py; openstack/magnum magnum/common/exception.py (OperationInProgress, NgOperationInProgress)',
    why: 'The lock is asked for before anything is done, and goes with the action that holds it.',
  }) as const

/** Rows for what Octavia, Ironic, Manila, Heat, Magnum and Swift say; they come before Nova’s, whose words are fewer. */
export const otherServices = [
  {
    code: 'LB_BUSY',
    refines: 'conflictingRequest',
    when: { includes: ['is immutable and cannot be updated', 'invalid state pending_'] },
    kind: 'retryable',
    outcome: 'rejected',
    pace: 'slow',
    busy: true,
    hint: 'Wait until the load balancer is ACTIVE again; one in ERROR stays so.',
    source:
      'openstack/octavia octavia/common/exceptions.py (ImmutableObject, LBPendingStateError); terraform-provider-openstack/terraform-provider-openstack#1350; kubernetes-sigs/cluster-api-provider-openstack#1810',
    why: 'A pending state ends by itself, and is met before anything is changed.',
  },
  {
    code: 'PROJECT_BUSY',
    refines: 'serviceUnavailable',
    when: { includes: ['unable to lock the project'] },
    kind: 'retryable',
    outcome: 'rejected',
    pace: 'fast',
    hint: 'Ask again shortly: other calls of the project were counted against its quota just then.',
    source: 'openstack/octavia octavia/common/exceptions.py (ProjectBusyException), octavia/db/repositories.py',
    why: 'The quota is checked first, in a transaction that this undoes. One project, so it does not trip.',
  },
  {
    code: 'NODE_LOCKED',
    refines: 'conflictingRequest',
    when: { includes: ['retry after the current operation is completed'] },
    kind: 'retryable',
    outcome: 'rejected',
    pace: 'fast',
    busy: true,
    hint: 'Wait until the conductor lets go of the node: it holds it while it works on it.',
    source: `${ironic} (NodeLocked, ParentNodeLocked, ChildNodeLocked); openstack/python-ironicclient ironicclient/common/http.py`,
    why: 'The lock is taken before anything is done, and ends with the work; the client of the service retries it.',
  },
  {
    code: 'WORKERS_BUSY',
    refines: 'serviceUnavailable',
    when: { includes: ['lack of free conductor workers', 'the concurrent action limit for'] },
    kind: 'retryable',
    outcome: 'rejected',
    pace: 'slow',
    hint: 'Come back when others of the actions under way have ended, and start fewer at once.',
    source: `${ironic} (NoFreeConductorWorker, ConcurrentActionLimit), ironic/conductor/manager.py`,
    why: 'A limit on how much runs at once; the state of the node is put back.',
  },
  {
    code: 'NODE_STATE',
    refines: 'badRequest',
    when: {
      includes: ['while it is in state', 'because it is retired', 'console access is not enabled on node'],
    },
    kind: 'conflict',
    outcome: 'rejected',
    hint: 'Bring the node into a state that allows it: the message names the one that it is in.',
    source: `${ironic} (InvalidStateRequested, NodeIsRetired, NodeConsoleNotEnabled)`,
    why: 'The state is at fault, not the request, though served as a malformed one.',
  },
  {
    code: 'NODE_PROTECTED',
    refines: 'forbidden',
    when: { includes: ['is protected and cannot be undeployed'] },
    kind: 'conflict',
    outcome: 'rejected',
    hint: 'Take the protection off the node, if it is not meant.',
    source: `${ironic} (NodeProtected)`,
    why: 'A flag of the node, though served as a missing right.',
  },
  shareBusy('forbidden'),
  shareBusy('badRequest'),
  {
    code: 'SHARE_STATE',
    refines: 'forbidden',
    when: { includes: ['invalid share:', 'invalid share server:', 'invalid share snapshot:'] },
    kind: 'conflict',
    outcome: 'rejected',
    hint: 'Bring the share into a state that allows it, or remove first what depends on it.',
    source: manila,
    why: 'The state is at fault, though served as a missing right.',
  },
  stackBusy('conflictingRequest'),
  stackBusy('badRequest'),
  {
    code: 'overLimit',
    status: 498,
    kind: 'retryable',
    outcome: 'rejected',
    pace: 'fast',
    hint: 'Send fewer requests to the account or container.',
    source: 'openstack/swift swift/common/middleware/ratelimit.py (498 Rate Limited)',
    why: 'Said before the request is passed on.',
  },
] as const satisfies readonly ErrorRow[]
