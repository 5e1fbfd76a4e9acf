const location = { location_type: 'SFTP', location: 'sftp://store.example/vc', location_user: 'me' }

/** A request that shows secrets. */
export type SecretCall = readonly [method: string, path: string, body: object | string, secrets: readonly string[]]

/** Those to the appliance, one for each operation that takes any. */
export const applianceCalls: readonly SecretCall[] = [
  ['POST', '/api/appliance/local-accounts/me', { password: 'hunter22-af', roles: ['admin'] }, ['hunter22-af']],
  [
    'PATCH',
    '/api/appliance/local-accounts/me',
    { config: { password: 'hunter22-ag', old_password: 'hunter22-ah' } },
    ['hunter22-ag', 'hunter22-ah'],
  ],
  [
    'POST',
    '/api/appliance/recovery/backup/job',
    { parts: ['seat'], backup_password: 'hunter22-ai', ...location, location_password: 'hunter22-aj' },
    ['hunter22-ai', 'hunter22-aj'],
  ],
  [
    'POST',
    '/rest/appliance/techpreview/monitoring/snmp/hash',
    { config: { auth_hash: 'hunter22-ba', priv_hash: 'hunter22-bb', raw_secret: true } },
    ['hunter22-ba', 'hunter22-bb'],
  ],
  [
    'POST',
    '/rest/appliance/recovery/restore/job',
    {
      piece: {
        backup_password: 'hunter22-ai',
        ...location,
        location_password: 'hunter22-aj',
        sso_admin_user_password: 'hunter22-ak',
      },
    },
    ['hunter22-ai', 'hunter22-aj', 'hunter22-ak'],
  ],
  [
    'PUT',
    '/api/appliance/recovery/backup/schedules/daily',
    { ...location, location_password: 'hunter22-al', schedule: {} },
    ['hunter22-al'],
  ],
  [
    'POST',
    '/api/appliance/recovery/reconciliation/job',
    { sso_admin_user_name: 'a', sso_admin_user_password: 'hunter22-am' },
    ['hunter22-am'],
  ],
  [
    'PUT',
    '/api/appliance/networking/proxy/http',
    { server: 'p', port: 1, username: 'me', password: 'hunter22-an', enabled: true },
    ['hunter22-an'],
  ],
  [
    'POST',
    '/api/appliance/networking?action=change',
    { hostname: 'x', SSO_user: 'me', SSO_password: 'hunter22-ao' },
    ['hunter22-ao'],
  ],
  [
    'PUT',
    '/api/appliance/update/policy',
    { custom_URL: 'https://u.example', username: 'me', password: 'hunter22-ap' },
    ['hunter22-ap'],
  ],
  [
    'POST',
    '/api/appliance/update/pending/8.0.3?action=stage-and-install',
    { user_data: { 'vmdir.password': 'hunter22-aq', answer: 'hunter22-ar' } },
    ['hunter22-aq', 'hunter22-ar'],
  ],
]
