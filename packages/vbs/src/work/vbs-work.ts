import {
  type JsonObject,
  OptionsError,
  objectOf,
  parseObject,
  type Reply,
  textOf,
  urlPart,
  type VendorWork,
  type WorkName,
  type WorkReport,
} from '@holdfast/core/plugin'
import { isNotFound, pathOf } from '@holdfast/openstack'
import { verificationOf } from '../verification.ts'
import { backupNamed, diskNamed, jobNamed } from './names.ts'
import { reportOfBackup, reportOfDisk, reportOfJob, reportsOfList, restorationOf } from './reports.ts'
import { foundBackup, isGone, searchFor } from './search.ts'

const cloudCall = /^(?<base>.*)\/v2\/(?<project>[^/]+)\/cloudbackups(?:\/[^/]+(?:\/restore)?)?$/
const nativeCall = /^(?<list>.*\/v[23]\/[^/]+\/backups)(?:\/(?<id>[^/]+)(?<restore>\/restore)?)?$/
const policyRun = /\/v2\/[^/]+\/backuppolicy\/[^/]+\/action$/
const jobPath = /^(?:\/[^/?#]+)*\/v1\/[^/?#]+\/jobs\/(?<id>[^/?#]+)$/

/** Most backups in one answer: the newest, which are those with work. */
const MOST = 200

/**
 * The long work of VBS: the jobs of its own calls, and the work of OpenStack's calls, which shows in the state of a backup and, for a
 * restoration, of its disk. None of it can be cancelled.
 *
 * Source: opentelekomcloud-docs/volume-backup-service api-ref, `vbs_backups/querying_the_job_status.rst` (jobs stand under
 * `/v1`, the calls that begin them under `/v2`) and `querying_details_about_vbs_backups_native_openstack_api.rst`.
 */
export const vbsWork: VendorWork = {
  vendor: 'vbs',
  begun: (reply) => begunJob(reply) ?? begunBackup(reply) ?? begunRun(reply),
  nameOf(id) {
    const { id: job } = jobPath.exec(id)?.groups ?? {}
    if (job !== undefined) return jobNamed(job, id)
    throw new OptionsError(
      'work',
      'must be the path of a job, `/v1/{project}/jobs/{job}`: its identifier names no project.',
    )
  },
  ask(works) {
    const [first] = works
    const { path, list } = first.facts ?? {}
    if (works.length === 1 || list === undefined) return { path: path ?? '/', about: [first] }
    return { path: `${list}/detail?sort_key=created_at&sort_dir=desc&limit=${MOST}`, about: works.slice(0, MOST) }
  },
  read(reply, about) {
    const body = parseObject(reply.text)
    const [first] = about
    if (body === undefined || first === undefined) return undefined
    if (about.length > 1) return reportsOfList(body, about)
    const report = reportOf(body, reply, first)
    return report && new Map([[first.id, report]])
  },
  readRefusal(fault, { facts = {} }) {
    if (facts.backup !== undefined && noSuchApi.has(fault.code))
      return { status: 'succeeded', result: restorationOf(facts) }
    if (!isNotFound(fault)) return undefined
    return facts.aim === 'deleted' ? { status: 'succeeded' } : { status: 'lost', fault }
  },
  verifyWith({ id, facts: { verify, list, path, disk } = {} }) {
    if (list !== undefined && disk !== undefined) return `GET ${diskNamed(id, disk, list).facts?.path}`
    return verify ?? (list && `GET ${path}`)
  },
  find: searchFor,
  found: foundBackup,
  isAchieved: isGone,
}

/** Codes of the gateway for calls that this service does not have, such as those about disks. */
const noSuchApi: ReadonlySet<string> = new Set(['APIG.0101', 'APIGW.0101'])

function reportOf(body: JsonObject, reply: Reply, work: WorkName): WorkReport | undefined {
  const { aim, disk } = work.facts ?? {}
  if (aim !== undefined) return reportOfBackup(body.backup, work)
  return disk === undefined ? reportOfJob(body, reply) : reportOfDisk(body.volume, work)
}

type Begun = ReturnType<VendorWork['begun']>

const unnamed = (what: string): Begun => ({ fault: { code: 'WORK_LOST', message: `The answer names no ${what}.` } })

/** `{job_id}` of creation, restoration and deletion. */
function begunJob({ text, request }: Reply): Begun {
  const { base, project } = (request.method === 'POST' && cloudCall.exec(pathOf(request))?.groups) || {}
  if (base === undefined) return undefined
  const id = textOf(parseObject(text)?.job_id)
  if (id === undefined) return unnamed('job')
  return jobNamed(id, `${base}/v1/${project}/jobs/${urlPart(id)}`, verificationOf(request))
}

/** A run of a policy by hand. The answer does not name its task. */
const begunRun = ({ request }: Reply): Begun =>
  request.method === 'POST' && policyRun.test(pathOf(request))
    ? unnamed('task: look at those of the policy')
    : undefined

/** `{backup: {id}}` for a creation, `{restore: {backup_id}}`, and no body for a deletion. */
function begunBackup({ text, request }: Reply): Begun {
  const { list, id, restore } = nativeCall.exec(pathOf(request))?.groups ?? {}
  if (list === undefined) return undefined
  if (request.method === 'DELETE' && id !== undefined && restore === undefined) return backupNamed(id, list, 'deleted')
  if (request.method !== 'POST') return undefined
  if (restore !== undefined && id !== undefined) {
    const disk = textOf(objectOf(parseObject(text)?.restore)?.volume_id)
    return backupNamed(id, list, 'restored', disk)
  }
  if (id !== undefined) return undefined
  const created = textOf(objectOf(parseObject(text)?.backup)?.id)
  return created === undefined ? unnamed('backup') : backupNamed(created, list, 'created')
}
