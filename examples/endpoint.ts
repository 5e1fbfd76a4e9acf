import { serve, vcenter, xapi } from '@holdfast/testing'

/** Where the examples find a server. */
export interface Endpoint {
  readonly url: string
  readonly username: string
  readonly password: string
  close(): Promise<void>
}

/** The vCenter of VSPHERE_URL, VSPHERE_USERNAME and VSPHERE_PASSWORD, or one embedded in this process. */
export async function endpoint(): Promise<Endpoint> {
  const { VSPHERE_URL: url, VSPHERE_USERNAME: username = '', VSPHERE_PASSWORD: password = '' } = process.env
  if (url !== undefined) return { url, username, password, close: async () => {} }
  const login = { username: 'administrator@vsphere.local', password: 'example' }
  const server = await serve(vcenter(login).handlers)
  return { url: server.url, ...login, close: server.close }
}

/** The pool of XENAPI_URL, XENAPI_USERNAME and XENAPI_PASSWORD, or one host of XAPI embedded in this process. */
export async function poolEndpoint(): Promise<Endpoint> {
  const { XENAPI_URL: url, XENAPI_USERNAME: username = '', XENAPI_PASSWORD: password = '' } = process.env
  if (url !== undefined) return { url, username, password, close: async () => {} }
  const login = { username: 'root', password: 'example' }
  const server = await serve(xapi(login).handlers)
  return { url: server.url, ...login, close: server.close }
}
