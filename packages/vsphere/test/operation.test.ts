import { describe, expect, it } from 'vitest'
import { operation } from '../src/operation.ts'
import { requestTo } from './reply.ts'

const uuid = '5f9ad9d0-0a4a-4f0e-9d2c-1f2f3a4b5c6d'

describe('an operation is named by method, template and action', () => {
  it.each([
    ['POST', '/api/vcenter/vm/vm-12/power?action=start', 'POST /api/vcenter/vm/{vm}/power?action=start'],
    ['GET', '/api/vcenter/vm?names=web-1', 'GET /api/vcenter/vm'],
    ['GET', '/api/vcenter/vm/vm-12/hardware/disk/2000', 'GET /api/vcenter/vm/{vm}/hardware/disk/{disk}'],
    ['POST', '/api/vcenter/vm?action=clone&vmw-task=true', 'POST /api/vcenter/vm?action=clone'],
    ['POST', '/api/vcenter/vm/vm-12/power?action=explode-7', 'POST /api/vcenter/vm/{vm}/power?action={action}'],
    ['POST', '/api/session', 'POST /api/session'],
    ['POST', '/rest/com/vmware/cis/session', 'POST /rest/com/vmware/cis/session'],
    [
      'POST',
      `/rest/com/vmware/cis/tagging/tag-association/id:${uuid}?~action=attach`,
      'POST /rest/com/vmware/cis/tagging/tag-association/{tag}?~action=attach',
    ],
    ['POST', '/rest/vcenter/vm/vm-12/power/start', 'POST /rest/vcenter/vm/{vm}/power/start'],
    ['GET', `/api/content/library/item/${uuid}`, 'GET /api/content/library/item/{library_item}'],
    ['GET', '/api/appliance/local-accounts/ann', 'GET /api/appliance/local-accounts/{username}'],
    ['GET', '/api/vcenter/of/the/future/9', 'GET /api/vcenter/{path}'],
    ['POST', '/sdk', 'POST /sdk'],
    ['POST', '/sdk/vim25/8.0.2.0/VirtualMachine/vm-12/PowerOnVM_Task', 'PowerOnVM_Task'],
    [
      'POST',
      '/sdk/vim25/8.0.2.0/VirtualMachine/vm-12/Explode7_Task',
      'POST /sdk/vim25/{version}/{type}/{object}/{method}',
    ],
    ['GET', '/sdk/vim25/8.0.2.0/VirtualMachine/vm-12/runtime', 'GET /sdk/vim25/{version}/{type}/{object}/{method}'],
    ['BREW', '/api/vcenter/vm', '_OTHER /api/vcenter/vm'],
    ['GET', '/api/', 'GET /api/'],
  ])('%s %s: %s', (method, path, name) => {
    expect(operation(requestTo(path, method))).toBe(name)
  })
})

describe('a call in SOAP is named by its method', () => {
  const soap = (body: string) =>
    `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`

  it.each([
    [
      '/sdk',
      '<PowerOnVM_Task xmlns="urn:vim25"><_this type="VirtualMachine">vm-12</_this></PowerOnVM_Task>',
      'PowerOnVM_Task',
    ],
    ['/sdk/vimService', '<RetrievePropertiesEx xmlns="urn:vim25"/>', 'RetrievePropertiesEx'],
    ['/sdk', '<ann-s-own-method/>', 'POST /sdk'],
    ['/sdk', '<Rename_Task2/>', 'POST /sdk'],
    ['/sdk', '', 'POST /sdk'],
    ['/pbm', '<Login/>', 'POST /pbm'],
    ['/api/vcenter/vm', '<Login/>', 'POST /api/vcenter/vm'],
  ])('%s %s: %s', (path, body, name) => {
    expect(operation(requestTo(path, 'POST', soap(body)))).toBe(name)
  })
})
