import { csbsServer } from '@holdfast/csbs/simulator'
import { fromEnvironment, type KeystoneOptions } from '@holdfast/keystone'
import { keystoneServer } from '@holdfast/keystone/simulator'
import { serve } from '@holdfast/testing'
import { vbsServer } from '@holdfast/vbs/simulator'
import { vcenter } from '@holdfast/vsphere/simulator'
import { xapi } from '@holdfast/xenapi/simulator'

/** Where the examples find a server. */
export interface Endpoint {
  readonly url: string
  readonly username: string
  readonly password: string
  close(): Promise<void>
}

/** The vCenter of VSPHERE_URL, VSPHERE_USERNAME and VSPHERE_PASSWORD, or one simulated in this process. */
export async function endpoint(): Promise<Endpoint> {
  const { VSPHERE_URL: url, VSPHERE_USERNAME: username = '', VSPHERE_PASSWORD: password = '' } = process.env
  if (url !== undefined) return { url, username, password, close: async () => {} }
  const login = { username: 'administrator@vsphere.local', password: 'example' }
  const server = await serve(vcenter(login).handlers)
  return { url: server.url, ...login, close: server.close }
}

/** The pool of XENAPI_URL, XENAPI_USERNAME and XENAPI_PASSWORD, or one host of XAPI simulated in this process. */
export async function poolEndpoint(): Promise<Endpoint> {
  const { XENAPI_URL: url, XENAPI_USERNAME: username = '', XENAPI_PASSWORD: password = '' } = process.env
  if (url !== undefined) return { url, username, password, close: async () => {} }
  const login = { username: 'root', password: 'example' }
  const server = await serve(xapi(login).handlers)
  return { url: server.url, ...login, close: server.close }
}

/** A cloud for the examples. */
export interface CloudEndpoint {
  /** The login and its address. */
  readonly login: KeystoneOptions
  /** Identifier of the project. */
  readonly project: string
  /** The Cloud Server Backup Service and the Volume Backup Service. */
  readonly csbs: string
  readonly vbs: string
  close(): Promise<void>
}

/** The cloud of the usual variables (OS_AUTH_URL and so on), CSBS_URL and VBS_URL, or one simulated in this process. */
export async function cloudEndpoint(): Promise<CloudEndpoint> {
  const { OS_AUTH_URL, OS_PROJECT_ID: project = '', CSBS_URL: csbs = '', VBS_URL: vbs = '' } = process.env
  if (OS_AUTH_URL !== undefined) {
    if (project === '' && csbs !== '')
      throw new TypeError('Set OS_PROJECT_ID: the paths of both services begin with it.')
    return { login: fromEnvironment(process.env), project, csbs, vbs, close: async () => {} }
  }
  const endpoints: Record<string, string> = {}
  const keystone = keystoneServer({
    users: [{ name: 'operator', password: 'example' }],
    projects: [{ name: 'backups' }],
    endpoints,
  })
  const services = [keystone, csbsServer({ keystone }), vbsServer({ keystone })]
  const { url, close } = await serve(services.flatMap(({ handlers }) => handlers))
  endpoints.volumev3 = `${url}/v2/{project}`
  const id = keystone.projects[0]?.id ?? ''
  const login = fromEnvironment({
    OS_AUTH_URL: `${url}/v3`,
    OS_USERNAME: 'operator',
    OS_PASSWORD: 'example',
    OS_USER_DOMAIN_NAME: 'Default',
    OS_PROJECT_ID: id,
  })
  return { login, project: id, csbs: url, vbs: url, close }
}
