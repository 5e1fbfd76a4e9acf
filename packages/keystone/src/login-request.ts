import type { KeystoneCredentials } from './login.ts'

/** The body of a login: with a password, for a project; or with an application credential, which has its own. */
export function requestOf(login: KeystoneCredentials): unknown {
  const { applicationCredentialSecret: secret, applicationCredentialId: id, applicationCredentialName: name } = login
  if (secret !== undefined) {
    const credential = id === undefined ? { name, secret, user: userOf(login) } : { id, secret }
    return { auth: { identity: { methods: ['application_credential'], application_credential: credential } } }
  }
  const user = { ...userOf(login), password: login.password }
  return { auth: { identity: { methods: ['password'], password: { user } }, scope: { project: projectOf(login) } } }
}

const userOf = ({ userId, username, userDomainId, userDomainName }: KeystoneCredentials) =>
  userId === undefined ? { name: username, domain: domainOf(userDomainId, userDomainName) } : { id: userId }

const projectOf = ({ projectId, projectName, projectDomainId, projectDomainName }: KeystoneCredentials) =>
  projectId === undefined
    ? { name: projectName, domain: domainOf(projectDomainId, projectDomainName) }
    : { id: projectId }

const domainOf = (id: string | undefined, name: string | undefined) => (id === undefined ? { name } : { id })
