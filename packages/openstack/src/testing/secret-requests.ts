const user = { name: 'me', domain: { name: 'Default' } }
const identity = (method: string, content: object) => ({
  auth: { identity: { methods: [method], [method]: content }, scope: { project: { id: 'p-1' } } },
})

/** Requests of OpenStack services that show secrets: method, path, body, secrets. */
export const secretCalls: readonly (readonly [
  method: string,
  path: string,
  body: object | string,
  secrets: readonly string[],
])[] = [
  ['POST', '/v3/auth/tokens', identity('password', { user: { ...user, password: 'hunter22-a' } }), ['hunter22-a']],
  ['POST', '/v3/auth/tokens', identity('token', { id: 'gAAAAAB-token' }), ['gAAAAAB-token']],
  ['POST', '/v3/auth/tokens', identity('totp', { user: { ...user, passcode: '123456' } }), ['123456']],
  [
    'POST',
    '/v3/auth/tokens',
    identity('application_credential', { id: 'app-id', secret: 'hunter22-b' }),
    ['hunter22-b'],
  ],
  [
    'POST',
    '/identity/v3/auth/tokens',
    {
      auth: {
        identity: { methods: ['token'], token: { id: 'gAAAAAB-two' } },
        scope: { 'OS-TRUST:trust': { id: 'trust-id-1' } },
      },
    },
    ['gAAAAAB-two', 'trust-id-1'],
  ],
  [
    'POST',
    '/v2.0/tokens',
    { auth: { tenantName: 't', passwordCredentials: { username: 'me', password: 'hunter22-c' } } },
    ['hunter22-c'],
  ],
  ['POST', '/v3/users', { user: { name: 'you', password: 'hunter22-d', enabled: true } }, ['hunter22-d']],
  ['PATCH', '/v3/users/u-1', { user: { password: 'hunter22-e' } }, ['hunter22-e']],
  [
    'POST',
    '/v3/users/u-1/password',
    { user: { original_password: 'hunter22-f', password: 'hunter22-g' } },
    ['hunter22-f', 'hunter22-g'],
  ],
  [
    'POST',
    '/v3/users/u-1/application_credentials',
    { application_credential: { name: 'x', secret: 'hunter22-h' } },
    ['hunter22-h'],
  ],
  [
    'POST',
    '/v3/credentials',
    { credential: { type: 'ec2', user_id: 'u-1', blob: '{"access":"a","secret":"hunter22-i"}' } },
    ['{"access":"a","secret":"hunter22-i"}', 'hunter22-i'],
  ],
  ['PATCH', '/v3/credentials/c-1', { credential: { type: 'totp', blob: 'GEZDGNBVGY3TQOJQ' } }, ['GEZDGNBVGY3TQOJQ']],
  ['POST', '/v3/ec2tokens', { credentials: { access: 'a', signature: 'hunter22-j', verb: 'GET' } }, ['hunter22-j']],
  [
    'POST',
    '/v3/OS-OAUTH2/token',
    'grant_type=client_credentials&client_id=me&client_secret=hunter22-k',
    ['hunter22-k'],
  ],
  [
    'POST',
    '/v2.1/servers',
    {
      server: {
        name: 'web',
        adminPass: 'hunter22-l',
        user_data: 'I2Nsb3VkLWNvbmZpZw==',
        personality: [{ path: '/etc/x', contents: 'aHVudGVyMjI=' }],
        metadata: { admin_pass: 'hunter22-m' },
      },
    },
    ['hunter22-l', 'I2Nsb3VkLWNvbmZpZw==', 'aHVudGVyMjI=', 'hunter22-m'],
  ],
  ['POST', '/v2.1/servers/s-1/action', { changePassword: { adminPass: 'hunter22-n' } }, ['hunter22-n']],
  [
    'POST',
    '/v2.1/servers/s-1/action',
    { rebuild: { imageRef: 'i', adminPass: 'hunter22-o', user_data: 'dXNlcg==' } },
    ['hunter22-o', 'dXNlcg=='],
  ],
  [
    'PUT',
    '/v1/p/cloudservers/s-1/os-reset-password',
    { 'reset-password': { new_password: 'hunter22-p' } },
    ['hunter22-p'],
  ],
  ['POST', '/v3/p/volume-transfers/t-1/accept', { accept: { auth_key: 'hunter22-q' } }, ['hunter22-q']],
  ['POST', '/v3/p/os-volume-transfer/t-1/accept', { accept: { auth_key: 'hunter22-q' } }, ['hunter22-q']],
  [
    'POST',
    '/v3/p/volumes/v-1/action',
    {
      'os-attach': {
        connector: { auth_username: 'me', auth_password: 'hunter22-r', provider_auth: 'CHAP me hunter22-s' },
      },
    },
    ['hunter22-r', 'CHAP me hunter22-s'],
  ],
  ['POST', '/v1/secrets', { name: 'x', payload: 'hunter22-t', payload_content_type: 'text/plain' }, ['hunter22-t']],
  ['PUT', '/v1/secrets/s-1', 'hunter22-u', ['hunter22-u']],
  ['POST', '/v1/p/stacks', { stack_name: 'x', parameters: { db_password: 'hunter22-v' } }, ['hunter22-v']],
  ['POST', '/v2/p/frob', { frob: { twiddle: [{ shared_key: 'hunter22-w' }] } }, ['hunter22-w']],
]

/** The same at one address, as the suite takes them. */
export const secretRequestsAt = (origin: string) =>
  secretCalls.map(([method, path, body, secrets]) => ({
    method,
    url: origin + path,
    headers: { 'content-type': typeof body === 'string' ? 'text/plain' : 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    secrets,
  }))

/** Replies of OpenStack services that show secrets: method, path, body, secrets. */
const replies: readonly (readonly [method: string, path: string, body: object, secrets: readonly string[]])[] = [
  ['POST', '/v2.1/servers', { server: { id: 's-1', adminPass: 'hunter22-a' } }, ['hunter22-a']],
  [
    'POST',
    '/v2.1/os-keypairs',
    { keypair: { name: 'x', private_key: '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----' } },
    ['-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----'],
  ],
  ['POST', '/v3/users/u-1/credentials/OS-EC2', { credential: { access: 'a', secret: 'hunter22-b' } }, ['hunter22-b']],
  [
    'POST',
    '/v3/users/u-1/application_credentials',
    { application_credential: { id: 'i', secret: 'hunter22-c' } },
    ['hunter22-c'],
  ],
  ['POST', '/v3/OS-OAUTH2/token', { access_token: 'hunter22-d', token_type: 'Bearer' }, ['hunter22-d']],
  ['POST', '/v3/p/volume-transfers', { transfer: { id: 't-1', auth_key: 'hunter22-e' } }, ['hunter22-e']],
  ['POST', '/v2.0/tokens', { access: { token: { id: 'hunter22-f', expires: 'x' } } }, ['hunter22-f']],
]

/** The same at one address, as the suite takes them. */
export const secretRepliesAt = (origin: string) =>
  replies.map(([method, path, body, secrets]) => ({
    request: { method, url: origin + path, body: '{}' },
    body: JSON.stringify(body),
    secrets,
  }))
