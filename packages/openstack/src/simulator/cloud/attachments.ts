import { dig } from '../dig.ts'
import { type Asked, type Operation, param } from '../operation.ts'
import { refuse } from '../refusal.ts'
import { type CloudReply, spaced } from '../reply.ts'
import type { CloudObject, Objects } from './objects.ts'

/** Attachments of volumes are visible only in the record of their action. */
export function attachmentsOf(objects: Objects, found: (id: string) => CloudObject): readonly Operation[] {
  const begin = (asked: Asked, verb: 'attach' | 'detach', reply: CloudReply): CloudReply => {
    const { id } = found(param(asked, 'id'))
    const request = `req-${crypto.randomUUID()}`
    const event = `compute_${verb}_volume`
    const record = { action: `${verb}_volume`, request_id: request, message: null }
    const ended = (result: string) => ({ events: [{ event, result, finish_time: '2026-01-02T03:04:05.000000' }] })
    const change = {
      meanwhile: { ...record, events: [{ event, result: null, finish_time: null }] },
      end: ended('Success'),
      otherwise: { ...ended('Error'), message: 'Error' },
    }
    const action: CloudObject = { id: request, name: '', state: 'free', many: 'os-instance-actions' }
    objects.begin(action, change, objects.reasonFor(verb) !== undefined)
    asked.done(verb, id)
    return { ...reply, headers: { ...reply.headers, 'x-openstack-request-id': request } }
  }
  return [
    {
      method: 'POST',
      path: 'servers/:id/os-volume_attachments',
      run: (asked) =>
        begin(
          asked,
          'attach',
          spaced(200, { volumeAttachment: { volumeId: dig(asked.body, 'volumeAttachment', 'volumeId') } }),
        ),
    },
    {
      method: 'DELETE',
      path: 'servers/:id/os-volume_attachments/:volume',
      run: (asked) => begin(asked, 'detach', { status: 202 }),
    },
    {
      method: 'GET',
      path: 'servers/:id/os-instance-actions/:request',
      run(asked) {
        objects.settle()
        const action = objects.all.get(param(asked, 'request'))
        if (action?.record === undefined) return refuse('itemNotFound', 'Action could not be found.')
        // Before this version, only administrators could see events.
        const withEvents = asked.headers.get('openstack-api-version') === 'compute 2.51'
        const { events, ...record } = action.record
        return spaced(200, { instanceAction: { ...record, ...(withEvents && { events }) } })
      },
    },
  ]
}
