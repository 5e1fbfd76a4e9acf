import { dig, textAt } from '../dig.ts'
import { type Asked, type Operation, param } from '../operation.ts'
import { refuse } from '../refusal.ts'
import { type CloudReply, spaced } from '../reply.ts'
import { attachmentsOf } from './attachments.ts'
import type { KindFacts } from './kinds.ts'
import { action, creation, deletion, importing, type Members, restoration } from './life.ts'
import type { CloudObject, Objects } from './objects.ts'

/** The operations of a service on its objects. */
export function operationsOf(facts: KindFacts, objects: Objects, quota: number): Operation[] {
  const { root, many, lists } = facts
  return [
    { open: true, method: 'GET', path: '/', run: ({ url }) => versionsOf(facts, url) },
    ...lists.flatMap((list) => operationsUpon(list, facts, objects, quota)),
    ...furtherOf(facts, objects, (id) => foundIn(many, facts, objects, id)).map((operation) => ({
      ...operation,
      path: `${root}/${operation.path}`,
    })),
    { open: true, path: '/*', run: () => refuse('itemNotFound', 'The resource could not be found.', 404) },
  ]
}

function foundIn(many: string, facts: KindFacts, objects: Objects, id: string): CloudObject {
  objects.settle()
  const object = objects.all.get(id)
  return object !== undefined && (object.many ?? facts.many) === many ? object : refuse(...facts.missing(id))
}

function operationsUpon(many: string, facts: KindFacts, objects: Objects, quota: number): Operation[] {
  const { root, deleteStatus } = facts
  const one = oneOf(many)
  const path = `${root}/${many}`
  const found = (asked: Asked) => foundIn(many, facts, objects, param(asked, 'id'))
  const free = (asked: Asked) => {
    const object = found(asked)
    return object.state === 'free' ? object : refuse(...facts[object.state](object.id))
  }
  const wrapped = (object: CloudObject) => bodyOf(many, objects.shown(object))
  const all = ({ url }: Asked): CloudReply => {
    objects.settle()
    const listed = [...objects.all.values()].filter((object) => (object.many ?? facts.many) === many)
    return spaced(200, { [many]: listed.map((object) => objects.shown(object)).filter(matching(url)) })
  }
  return [
    { method: 'GET', path, run: all },
    ...(one === 'image' ? [] : [{ method: 'GET', path: `${path}/detail`, run: all }]),
    createIn(many, facts, objects, quota),
    { method: 'GET', path: `${path}/:id`, run: (asked) => spaced(200, wrapped(found(asked))) },
    {
      method: 'DELETE',
      path: `${path}/:id`,
      run(asked) {
        const object = free(asked)
        objects.begin(object, deletion(many, object.record ?? {}), objects.reasonFor('delete') !== undefined)
        asked.done('delete', object.id)
        return { status: deleteStatus }
      },
    },
    {
      method: 'POST',
      path: `${path}/:id/action`,
      run(asked) {
        const object = free(asked)
        const [name = 'nothing', given] = Object.entries(Object(asked.body))[0] ?? []
        const change = action(many, name, Object(given), object.record ?? {})
        if (change !== undefined) objects.begin(object, change, objects.reasonFor(name) !== undefined)
        asked.done(name, object.id)
        return { status: 202 }
      },
    },
  ]
}

const oneOf = (many: string) => many.slice(0, -1)

/** An image is its own body. */
const bodyOf = (many: string, shown: Members) => (many === 'images' ? shown : { [oneOf(many)]: shown })

function createIn(many: string, facts: KindFacts, objects: Objects, quota: number): Operation {
  return {
    method: 'POST',
    path: `${facts.root}/${many}`,
    run({ body, done }) {
      objects.settle()
      if (objects.all.size >= quota) refuse(...facts.full(quota))
      const asked = Object(many === 'images' ? body : dig(body, oneOf(many))) as Members
      const object: CloudObject = { id: crypto.randomUUID(), name: textAt(asked, 'name') ?? '', state: 'free', many }
      const reason = objects.reasonFor('create')
      objects.begin(object, creation(many, asked, reason ?? ''), reason !== undefined)
      done('create', object.id)
      return spaced(facts.createStatus, bodyOf(many, objects.shown(object)))
    },
  }
}

/** A list by the name in its query. */
const matching = (url: URL) => (shown: Members) => {
  const name = url.searchParams.get('name')
  return name === null || shown.name === name
}

/** The operations that only one of the services has. */
function furtherOf({ many }: KindFacts, objects: Objects, found: (id: string) => CloudObject): readonly Operation[] {
  if (many === 'images')
    return [
      {
        method: 'POST',
        path: 'images/:id/import',
        run(asked) {
          const object = found(param(asked, 'id'))
          objects.begin(object, importing, objects.reasonFor('import') !== undefined)
          asked.done('import', object.id)
          return { status: 202 }
        },
      },
    ]
  if (many === 'volumes')
    return [
      {
        method: 'POST',
        path: 'backups/:id/restore',
        run(asked) {
          const volume = found(textAt(asked.body, 'restore', 'volume_id') ?? '')
          objects.begin(volume, restoration, objects.reasonFor('restore') !== undefined)
          asked.done('restore', volume.id)
          return spaced(202, { restore: { backup_id: param(asked, 'id'), volume_id: volume.id, volume_name: '' } })
        },
      },
    ]
  return many === 'servers' ? attachmentsOf(objects, found) : []
}

/** Nova and Neutron answer 200, Cinder and Glance 300: several versions to choose from. */
function versionsOf({ versions: [id, path], versionsStatus }: KindFacts, { origin }: URL): CloudReply {
  const links = [{ rel: 'self', href: `${origin}/${path}/` }]
  return spaced(versionsStatus, { versions: [{ id, status: 'CURRENT', links }] })
}
