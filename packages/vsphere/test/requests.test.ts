import { describe, expect, it } from 'vitest'
import { vsphere } from '../src/index.ts'
import { requestTo } from './reply.ts'

const vendor = vsphere()

describe('covers', () => {
  it.each(['/api/vcenter/vm', '/rest/vcenter/vm', '/api/session', '/rest/com/vmware/cis/session'])('%s', (path) => {
    expect(vendor.covers?.(requestTo(path))).toBe(true)
  })

  it.each(['/sdkx', '/', '/ui/', '/apiary', '/api'])('not %s', (path) => {
    expect(vendor.covers?.(requestTo(path))).toBe(false)
  })
})

describe('scope', () => {
  it.each([
    ['/api/session', 'login'],
    ['/rest/com/vmware/cis/session', 'login'],
    ['/api/session/other', 'data'],
    ['/api/vcenter/vm', 'data'],
    ['/sdk/vim25/8.0.2.0/VirtualMachine/vm-1/PowerOnVM_Task', 'sdk'],
    ['/pbm', 'pbm'],
    ['/sts/STSService', 'sts'],
    ['/sdks', 'data'],
  ])('%s is %s', (path, scope) => {
    expect(vendor.scope?.(requestTo(path, 'POST'))).toBe(scope)
  })
})

describe('isRepeatable', () => {
  it.each([
    '/api/session',
    '/rest/com/vmware/cis/session',
    '/rest/com/vmware/cis/session?~action=get',
    '/api/cis/tagging/tag-association?action=attach-multiple-tags-to-object',
    '/rest/com/vmware/cis/tagging/tag-association/id:tag-1?~action=detach',
  ])('POST %s: yes', (target) => {
    expect(vendor.isRepeatable?.(requestTo(target, 'POST'))).toBe(true)
  })

  it.each([
    '/api/vcenter/vm',
    '/api/vcenter/vm/vm-1/power?action=start',
    '/api/vcenter/vm/vm-1/power?action=reset',
    '/api/vcenter/vm?action=clone',
    '/api/vcenter/vm-template/library-items/item-1/check-outs?action=check-out',
    '/api/content/local-library/lib-1?action=publish',
    '/api/esx/settings/clusters/c-1/software?action=list&vmw-task=true',
    '/api/vcenter/vm/vm-1?action=attach',
    '/api/cis/tagging/tag-association/tag-1?action=replace',
  ])('POST %s: no opinion', (target) => {
    expect(vendor.isRepeatable?.(requestTo(target, 'POST'))).toBeUndefined()
  })

  it.each([
    '/api/content/library?action=find',
    '/api/vcenter/ovf/library-item/item-1?action=filter',
    '/api/content/subscribed-library?action=probe',
    '/api/cis/tagging/tag-association?action=list-attached-tags-on-objects',
    '/rest/com/vmware/cis/tagging/tag-association/id:tag-1?~action=list-attached-objects',
  ])('POST %s only reads', (target) => {
    expect(vendor.isSafe?.(requestTo(target, 'POST'))).toBe(true)
    expect(vendor.isSafe?.(requestTo(`${target}&vmw-task=true`, 'POST'))).toBeUndefined()
  })

  it.each(['GET', 'PUT', 'PATCH', 'DELETE'])('%s: no opinion', (method) => {
    expect(vendor.isRepeatable?.(requestTo('/api/vcenter/vm/vm-1', method))).toBeUndefined()
  })
})

describe('limits', () => {
  it.each([
    ['POST', '/api/vcenter/vm'],
    ['POST', '/api/vcenter/vm?action=clone'],
    ['POST', '/api/vcenter/vm/vm-1?action=relocate'],
    ['DELETE', '/api/vcenter/vm/vm-1'],
    ['POST', '/api/vcenter/vm/vm-1/power?action=start'],
    ['POST', '/rest/vcenter/vm/vm-1/power/stop'],
    ['POST', '/api/vcenter/ovf/library-item/item-1?action=deploy'],
    ['POST', '/rest/com/vmware/vcenter/ovf/library-item/id:item-1?~action=deploy'],
    ['POST', '/api/vcenter/vm-template/library-items/item-1?action=deploy'],
  ])('%s %s is slow by nature', (method, target) => {
    expect(vendor.limits?.(requestTo(target, method))).toEqual({ timeout: 600_000, totalTimeout: 1_800_000 })
  })

  it.each([
    ['GET', '/api/vcenter/vm'],
    ['GET', '/api/vcenter/vm/vm-1/power'],
    ['POST', '/api/vcenter/vm/vm-1/power?action=start&vmw-task=true'],
    ['POST', '/api/vcenter/vm/vm-1/guest/power?action=shutdown'],
    ['POST', '/api/vcenter/ovf/library-item/item-1?action=filter'],
    ['POST', '/api/session'],
  ])('%s %s is not', (method, target) => {
    expect(vendor.limits?.(requestTo(target, method))).toBeUndefined()
  })
})

describe('bodyNeed', () => {
  it.each([
    '/api/vcenter/ovf/library-item',
    '/api/vcenter/ovf/library-item/item-1?action=deploy',
    '/rest/com/vmware/vcenter/ovf/library-item/id:item-1?~action=deploy',
    '/api/cis/tagging/tag-association?action=attach-multiple-tags-to-object',
    '/api/cis/tagging/tag-association/tag-1?action=detach-tag-from-multiple-objects',
  ])('POST %s: the whole', (target) => {
    expect(vendor.bodyNeed?.(requestTo(target, 'POST'))).toBe('whole')
  })

  it.each([
    ['POST', '/api/vcenter/ovf/library-item/item-1?action=filter'],
    ['POST', '/api/cis/tagging/tag-association/tag-1?action=attach'],
    ['POST', '/api/vcenter/vm'],
    ['GET', '/api/vcenter/ovf/library-item'],
  ])('%s %s: none', (method, target) => {
    expect(vendor.bodyNeed?.(requestTo(target, method))).toBe('none')
  })
})
