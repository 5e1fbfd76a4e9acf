import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalogue, vbs } from '../src/index.ts'
import { project, replyOf, requestTo } from './reply.ts'

const { parse } = vbs()
const v2 = `/v2/${project}`
const rowOf = (status: number, text: string) => {
  const fault = parse(replyOf(status, text))
  return fault && catalogue.find(fault)
}

describe('failures', () => {
  it.each([
    '{"error":{"message":"why","code":"VolumeBackup.0012"}}',
    '{\n  "error": {\n  "code": "VolumeBackup.0012",\n  "message": "why"\n  }\n}',
    '{"badRequest":{"code":"VolumeBackup.0012","message":"why"}}',
    '{"error_code":"VolumeBackup.0012","error_msg":"why"}',
  ])('are read in every envelope: %s', (text) => {
    expect(parse(replyOf(400, text))).toEqual({ code: 'VolumeBackup.0012', status: 400, message: 'why' })
  })

  it.each([200 + 200, 401, 403, 404, 409, 500])('AutoBackup.0003 is a stale token with %i too', (status) => {
    const row = rowOf(status, '{"error":{"message":"token expired","code":"AutoBackup.0003"}}')
    expect(row).toMatchObject({ code: 'AutoBackup.0003', kind: 'auth', reauth: true })
  })

  it('of a quota are fatal, though they come with a wait of nothing', () => {
    const text =
      '{"overLimit": {"code": 413, "message": "VolumeLimitExceeded: Maximum number of volumes allowed (2) exceeded for quota \'volumes\'.", "retryAfter": "0"}}'
    expect(parse(replyOf(413, text))).toMatchObject({ code: 'overLimit', status: 413 })
    expect(rowOf(413, text)?.kind).toBe('fatal')
  })

  it.each([
    [
      404,
      '{"itemNotFound":{"message":"Backup 592a0c4d-65a3-4051-8d51-1e2b6401b2d8 could not be found.","code":404 }}',
      'itemNotFound',
    ],
    [
      400,
      '{"badRequest": {"code": 400, "message": "Invalid volume: Volume c91638ec-... status must be available, but current status is: in-use."}}',
      'badRequest',
    ],
    [
      401,
      '{"error": {"code": 401, "title": "Unauthorized", "message": "The request you have made requires authentication."}}',
      'unauthorized',
    ],
    [
      403,
      '{"forbidden": {"code": 403, "message": "Policy doesn\'t allow volume_extension:services:index to be performed."}}',
      'forbidden',
    ],
    [
      429,
      '{"error_msg":"The throttling threshold has been reached: policy ip over ratelimit,limit:5,time:1 minute","error_code":"APIG.0308","request_id":"914a39d6.."}',
      'APIG.0308',
    ],
    [
      502,
      '<!DOCTYPE html PUBLIC ...><title>Error</title>...<td>The backend server is unreachable.<br/></td>',
      'BALANCER_502',
    ],
  ])('of OpenStack and of what is in front of the service, with %i: %s', (status, text, code) => {
    expect(parse(replyOf(status, text))?.code).toBe(code)
    expect(rowOf(status, text)).toBeDefined()
  })
})

describe('what is at work', () => {
  const busy = (code: string, target: string, body?: unknown) =>
    parse(replyOf(400, JSON.stringify({ error: { code, message: 'busy' } }), requestTo(target, 'POST', body)))?.params

  it.each<[string, string, unknown, string]>([
    ['VolumeBackup.0013', `${v2}/cloudbackups`, { backup: { volume_id: 'v-1', name: 'n' } }, 'backup of volume v-1'],
    ['VolumeBackup.0206', `${v2}/cloudbackups/b-1/restore`, { restore: { volume_id: 'v-1' } }, 'backup of volume v-1'],
    ['VolumeBackup.0206', `${v2}/cloudbackups/b-1/restore`, undefined, 'backup b-1'],
    ['AutoBackup.0225', `${v2}/backuppolicy/p-1/action`, undefined, 'policy p-1'],
    ['AutoBackup.0225', `${v2}/backuppolicyresources`, { backup_policy_id: 'p-1' }, 'policy p-1'],
    ['AutoBackup.0225', `${v2}/backuppolicyresources/p-1/deleted_resources`, {}, 'policy p-1'],
  ])('is named by the request: %s upon POST %s', (code, target, body, running) => {
    expect(busy(code, target, body)).toEqual([running])
  })

  it('stays unnamed where nobody says it', () => {
    expect(busy('VolumeBackup.0013', `${v2}/cloudbackups`)).toBeUndefined()
    expect(busy('AutoBackup.0225', '/elsewhere')).toBeUndefined()
  })
})

describe('a code that nobody knows', () => {
  const text = '{"error":{"code":"111401001","message":"Invalid token."}}'

  it('that comes with 401 is a stale token', () => {
    expect(parse(replyOf(401, text))).toEqual({
      code: 'unauthorized',
      status: 401,
      details: ['111401001'],
      message: '111401001: Invalid token.',
    })
    expect(rowOf(401, text)).toMatchObject({ kind: 'auth', reauth: true })
    expect(parse(replyOf(401, '{"error_code":"VolumeBackup.9999"}'))).toMatchObject({ details: ['VolumeBackup.9999'] })
  })

  it('is itself with any other status', () => {
    expect(parse(replyOf(403, text))?.code).toBe('111401001')
    expect(parse(replyOf(401, '{"error_code":"APIG.0301","error_msg":"m"}'))?.code).toBe('APIG.0301')
  })
})

describe('a job', () => {
  const request = requestTo(`/v1/${project}/jobs/j-1`)
  const read = (job: unknown) => parse(replyOf(200, JSON.stringify(job), request))
  const failed = (error_code: unknown, sub_jobs?: unknown, fail_reason: unknown = null) => ({
    status: 'FAIL',
    entities: {},
    error_code,
    fail_reason,
    sub_jobs,
  })

  it('that has failed is a failure for good: its work was begun, and to ask again changes nothing', () => {
    expect(read(failed('VolumeBackup.0064', '', 'why'))).toEqual({
      code: 'VolumeBackup.0064',
      status: 200,
      message: 'why',
      inTask: true,
      settled: true,
    })
  })

  it.each<[string, unknown, string]>([
    ['a sub-job', failed('VolumeBackup.0064', [failed('VolumeBackup.0017')]), 'VolumeBackup.0017'],
    [
      'a sub-job’s sub-job',
      failed('VolumeBackup.0064', [failed(null, [failed('VolumeBackup.0062')])]),
      'VolumeBackup.0062',
    ],
    [
      'the deepest of several',
      failed('VolumeBackup.0064', [
        failed('VolumeBackup.0017'),
        failed('VolumeBackup.0022', [failed('VolumeBackup.0063')]),
      ]),
      'VolumeBackup.0063',
    ],
    [
      'the first of the deepest',
      failed(null, [failed('VolumeBackup.0017'), failed('VolumeBackup.0022')]),
      'VolumeBackup.0017',
    ],
    [
      'the parent, where its parts say nothing',
      failed('VolumeBackup.0027', [failed(null, [failed('')])]),
      'VolumeBackup.0027',
    ],
    [
      'no part that went well',
      failed('VolumeBackup.0027', [{ status: 'SUCCESS', error_code: 'VolumeBackup.0017' }]),
      'VolumeBackup.0027',
    ],
    ['the other spelling', { status: 'FAIL', code: 'VolumeBackup.0071', message: 'quota' }, 'VolumeBackup.0071'],
    ['a number', failed(4_711), '4711'],
    ['nobody', failed(null), 'JOB_FAILED'],
    ['nobody, as a number', failed(0), 'JOB_FAILED'],
    ['nobody, as a text', failed('0'), 'JOB_FAILED'],
  ])('has the code of %s', (_, job, code) => {
    expect(read(job)).toMatchObject({ code, inTask: true })
  })

  it('has the words of its nearest part that has any', () => {
    const job = failed(
      'VolumeBackup.0064',
      [failed(null, [failed('VolumeBackup.0062', '', null)], 'snapshot')],
      'backup',
    )
    expect(read(job)?.message).toBe('snapshot')
  })

  it('was refused, perhaps, but not who asks about it', () => {
    const fault = read(failed('VolumeBackup.0044', '', 'no right'))
    expect(fault).toMatchObject({
      code: 'JOB_FAILED',
      details: ['VolumeBackup.0044'],
      message: 'VolumeBackup.0044: no right',
      settled: true,
    })
    expect(fault && catalogue.find(fault)?.kind).toBe('fatal')
  })

  it('names what it met at work', () => {
    const job = { ...failed('VolumeBackup.0206'), entities: { volume_id: 'v-1' } }
    expect(read(job)?.params).toEqual(['backup of volume v-1'])
  })

  it('may be as deep as it likes', () => {
    const open = '{"status":"FAIL","error_code":"VolumeBackup.0064","sub_jobs":['
    const deep = (levels: number) =>
      `${open.repeat(levels)}{"status":"FAIL","error_code":"VolumeBackup.0062"}${']}'.repeat(levels)}`
    const codeAt = (levels: number) => parse(replyOf(200, deep(levels), request))?.code
    expect([codeAt(30), codeAt(5_000)]).toEqual(['VolumeBackup.0062', 'VolumeBackup.0064'])
  })

  it.each([
    '{"status":"SUCCESS","entities":{"backup_id":"ba54.."},"job_id":"4010..","error_code":null,"fail_reason":null}',
    '{"status":"RUNNING","entities":{},"sub_jobs":[{"status":"FAIL","error_code":"VolumeBackup.0017"}]}',
    '{"status":"INIT"}',
    '{}',
    'null',
    '',
  ])('that has not is fine: %s', (text) => {
    expect(parse(replyOf(200, text, request))).toBeUndefined()
  })

  it('is one with a slash at the end of its path, too', () => {
    const asked = requestTo(`/v1/${project}/jobs/j-1/`)
    expect(parse(replyOf(200, JSON.stringify(failed('VolumeBackup.0064')), asked))?.code).toBe('VolumeBackup.0064')
  })

  it('is one only where it is asked for', () => {
    const text = JSON.stringify(failed('VolumeBackup.0064'))
    expect(parse(replyOf(200, text, requestTo(`${v2}/backups/b-1`)))).toBeUndefined()
  })
})

describe('disks that are bound to a policy', () => {
  const request = requestTo(`${v2}/backuppolicyresources`, 'POST')
  const read = (fail_resources: unknown, success_resources: unknown = []) =>
    parse(replyOf(200, JSON.stringify({ success_resources, fail_resources }), request))

  it('are bound in part', () => {
    const done = [{ resource_id: 'v-0', resource_type: 'volume' }]
    expect(read([{ resource_id: 'v-1', resource_type: 'volume' }, { resource_id: 'v-2' }], done)).toEqual({
      code: 'RESOURCES_FAILED',
      status: 200,
      message: 'volume v-1; resource v-2',
      params: ['v-1', 'v-2'],
      inTask: true,
    })
  })

  it('have a code where one is given', () => {
    const fault = read([{ resource_id: 'v-1' }, { resource_id: 'v-2', code: 'AutoBackup.0206', message: 'in error' }])
    expect(fault).toMatchObject({
      code: 'AutoBackup.0206',
      message: 'resource v-1; resource v-2: AutoBackup.0206 in error',
    })
  })

  it('were refused, perhaps, but not who binds them', () => {
    const fault = read([{ resource_id: 'v-1', code: 'AutoBackup.0003', message: 'expired' }])
    expect(fault).toEqual({
      code: 'RESOURCES_FAILED',
      status: 200,
      details: ['AutoBackup.0003'],
      message: 'resource v-1: AutoBackup.0003 expired',
      params: ['v-1'],
      inTask: true,
    })
    expect(fault && catalogue.find(fault)?.kind).toBe('fatal')
  })

  it('are named up to ten', () => {
    const fault = read(Array.from({ length: 12 }, (_, at) => ({ resource_id: `v-${at}` })))
    expect(fault?.message).toMatch(/resource v-9; and 2 more$/)
    expect(fault?.params).toHaveLength(12)
  })

  it.each([[[]], [null], [''], [undefined]])('are all bound: %o', (fail_resources) => {
    expect(read(fail_resources)).toBeUndefined()
  })

  it('are unbound in part, too', () => {
    const text = '{"success_resources": [],"fail_resources": [{"resource_id": "bbba7509-f457-4732-97f1-a8e24b6ed9bc"}]}'
    const unbinding = requestTo(`${v2}/backuppolicyresources/p-1/deleted_resources`, 'POST')
    expect(parse(replyOf(200, text, unbinding))).toMatchObject({ code: 'RESOURCES_FAILED', inTask: true })
  })
})

describe('a backup that is looked at', () => {
  const request = requestTo(`/v3/${project}/backups/b-1`)
  const backup = (status: string) =>
    JSON.stringify({ backup: { status, fail_reason: 'Connection to swift failed: [Errno 111] ECONNREFUSED' } })
  const watching = vbs({ failedBackups: 'throw' }).parse

  it('and has failed is no failure of the look', () => {
    expect(parse(replyOf(200, backup('error'), request))).toBeUndefined()
  })

  it.each([
    ['error', 'BACKUP_FAILED'],
    ['error_restoring', 'RESTORE_FAILED'],
  ])('is one for those who want it to be: %s', (status, code) => {
    expect(watching(replyOf(200, backup(status), request))).toEqual({
      code,
      status: 200,
      message: 'Connection to swift failed: [Errno 111] ECONNREFUSED',
      inTask: true,
      settled: true,
    })
  })

  it.each(['creating', 'available', 'restoring', 'deleting'])('and is %s is fine', (status) => {
    expect(watching(replyOf(200, backup(status), request))).toBeUndefined()
  })
})

describe('whatever comes', () => {
  it('does not throw', () => {
    const targets = [
      requestTo(`/v1/${project}/jobs/j`),
      requestTo(`${v2}/backuppolicyresources`, 'POST'),
      requestTo(`${v2}/backups/b`),
    ]
    const watching = vbs({ failedBackups: 'throw' })
    fc.assert(
      fc.property(
        fc.constantFrom(200, 400, 404, 500, 503),
        fc.json(),
        fc.constantFrom(...targets),
        (status, text, request) => {
          watching.parse(replyOf(status, text, request))
          watching.parse(replyOf(status, text.slice(1), request, false))
        },
      ),
    )
  })
})
