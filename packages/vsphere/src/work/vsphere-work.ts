import {
  isObject,
  type JsonObject,
  objectsIn,
  parseJson,
  type RequestFacts,
  textOf,
  urlPart,
  type VendorWork,
  type WorkName,
  type WorkReport,
} from '@holdfast/core/plugin'
import { isNotFound } from '../not-found.ts'
import { faultOf } from '../parse.ts'
import { type ErrorWords, readErrorBody, readOvfResult, readTagResult } from '../shapes.ts'
import { verificationOf } from '../verification.ts'
import { isGone, searchFor, taskAmong } from './search.ts'

const tasks = '/api/cis/tasks'
/** Most tasks in one answer (`POST /api/cis/tasks?action=list`). */
const MOST = 1_000

/**
 * The tasks of vSphere: what a request with `vmw-task=true` begins.
 *
 * Source: vSphere Automation API, `cis/tasks`. All tasks of one poll must be of one provider, which the identifier names after its
 * first colon.
 */
export const vsphereWork: VendorWork = {
  vendor: 'vsphere',
  begun({ status, text, request }) {
    if (status !== 202) return undefined
    const body = parseJson(text)
    const id = textOf(isObject(body) ? body.value : body)
    if (id === undefined) return { fault: { code: 'WORK_LOST', message: 'The answer names no task.' } }
    return named(id, request)
  },
  nameOf,
  ask(works) {
    const [{ id }] = works
    if (works.length === 1) return { path: `${tasks}/${urlPart(id)}`, about: works }
    const about = works.slice(0, MOST)
    return {
      path: `${tasks}?action=list`,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ filter_spec: { tasks: about.map((work) => work.id) } }),
      about,
    }
  },
  read({ text }, about) {
    const body = parseJson(text)
    const [{ id } = { id: '' }] = about
    const found = about.length > 1 ? tasksIn(body) : isTask(body) ? [[id, body] as const] : undefined
    return found && new Map(found.map(([task, info]) => [task, reportOf(info)]))
  },
  readRefusal: (fault) => (isNotFound(fault) ? { status: 'lost', fault } : undefined),
  cancel: ({ id }) => ({ path: `${tasks}/${urlPart(id)}?action=cancel` }),
  verifyWith: ({ facts }) => facts?.verify,
  find: searchFor,
  found({ text }, start, since) {
    const id = taskAmong(tasksIn(parseJson(text)) ?? [], start, since)
    return id === undefined ? undefined : named(id, start)
  },
  isAchieved: isGone,
}

function nameOf(id: string): WorkName {
  const colon = id.indexOf(':')
  return { id, ...(colon >= 0 && { group: id.slice(colon + 1) }) }
}

function named(id: string, start: RequestFacts): WorkName {
  const verify = verificationOf(start)
  return { ...nameOf(id), ...(verify !== undefined && { facts: { verify } }) }
}

const isTask = (body: unknown): body is JsonObject => isObject(body) && textOf(body.status) !== undefined

/** A map, as `/api` writes it: an object, or in older versions a list of pairs. */
function tasksIn(body: unknown): readonly (readonly [string, JsonObject])[] | undefined {
  const pairs = Array.isArray(body)
    ? objectsIn(body).map(({ key, value }) => [textOf(key) ?? '', value] as const)
    : isObject(body)
      ? Object.entries(body)
      : undefined
  return pairs?.flatMap(([id, info]) => (isTask(info) ? [[id, info] as const] : []))
}

function reportOf(info: JsonObject): WorkReport {
  switch (info.status) {
    case 'SUCCEEDED':
      return ended(info)
    case 'FAILED':
      return failed(readErrorBody(info.error) ?? readErrorBody(info.result))
    case 'PENDING':
      return { status: 'pending' }
    default: {
      // BLOCKED is a state of its own: something else must end first.
      const progress = progressOf(info.progress)
      const message = info.status === 'BLOCKED' ? 'blocked' : undefined
      return { status: 'running', ...(progress !== undefined && { progress }), ...(message && { message }) }
    }
  }
}

/** The report of a success, which may contain a failure, as a 200 may. */
function ended({ result }: JsonObject): WorkReport {
  const words = isObject(result) ? (readOvfResult(result) ?? readTagResult(result)) : undefined
  return words === undefined ? { status: 'succeeded', result } : failed(words)
}

function failed(words: ErrorWords | undefined): WorkReport {
  if (words === undefined) return { status: 'failed', fault: { code: 'ERROR' } }
  const { status: _, ...fault } = faultOf(words, 500)
  return { status: fault.code === 'CANCELED' ? 'cancelled' : 'failed', fault }
}

function progressOf(progress: unknown): number | undefined {
  const { total, completed } = isObject(progress) ? progress : {}
  return typeof total === 'number' && typeof completed === 'number' && total > 0
    ? Math.min(1, Math.max(0, completed / total))
    : undefined
}
