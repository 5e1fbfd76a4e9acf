/** An action that begins work on a server. */
interface ServerAction {
  /** The statuses in which it ends. */
  readonly ends: readonly string[]
  /** Its task, if a server with that task is as good, whoever has begun the action. */
  readonly task?: string
}

/**
 * The actions that end in a status of the server. Each sets its task before the answer, except the confirmation of a resize. A task
 * that fails leaves the server as it was.
 *
 * Source: openstack/nova nova/compute/api.py and nova/compute/manager.py (`reverts_task_state`), nova/api/openstack/common.py
 * (`_STATE_MAP`), api-guide/source/server_concepts.rst.
 */
export const serverActions: Readonly<Record<string, ServerAction>> = {
  'os-start': { ends: ['ACTIVE'], task: 'powering-on' },
  'os-stop': { ends: ['SHUTOFF'], task: 'powering-off' },
  pause: { ends: ['PAUSED'], task: 'pausing' },
  unpause: { ends: ['ACTIVE'], task: 'unpausing' },
  suspend: { ends: ['SUSPENDED'], task: 'suspending' },
  resume: { ends: ['ACTIVE'], task: 'resuming' },
  shelve: { ends: ['SHELVED', 'SHELVED_OFFLOADED'], task: 'shelving' },
  shelveOffload: { ends: ['SHELVED_OFFLOADED'], task: 'shelving_offloading' },
  unshelve: { ends: ['ACTIVE'], task: 'unshelving' },
  rescue: { ends: ['RESCUE'] },
  unrescue: { ends: ['ACTIVE'] },
  reboot: { ends: ['ACTIVE'] },
  rebuild: { ends: ['ACTIVE', 'SHUTOFF'] },
  resize: { ends: ['VERIFY_RESIZE'] },
  confirmResize: { ends: ['ACTIVE', 'SHUTOFF'] },
  revertResize: { ends: ['ACTIVE', 'SHUTOFF'] },
  restore: { ends: ['ACTIVE'] },
}
