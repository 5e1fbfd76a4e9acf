import { applianceCalls, type SecretCall } from './secret-requests-appliance.ts'

const url = 'https://vc.example'
const key = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\n-----END PRIVATE KEY-----'
const xml = '<unattend><AdministratorPassword><Value>hunter22-x</Value></AdministratorPassword></unattend>'
const credentials = { interactive_session: false, type: 'USERNAME_PASSWORD', user_name: 'root', password: 'hunter22-a' }
const sysprep = {
  gui_unattended: { auto_logon: false, auto_logon_count: 0, password: 'hunter22-b', time_zone: 85 },
  user_data: { full_name: 'Me', organization: 'Us', product_key: 'AAAAA-BBBBB-CCCCC' },
  domain: { type: 'DOMAIN', domain: 'ad.example', domain_username: 'join', domain_password: 'hunter22-c' },
  gui_run_once_commands: ['net use x: /user:me hunter22-d'],
}
const customization = { windows_config: { sysprep, sysprep_xml: xml } }
const cloud = { cloud_config: { type: 'CLOUDINIT', cloudinit: { metadata: 'a: b', userdata: 'chpasswd: hunter22-e' } } }
const linux = { linux_config: { domain: 'x', script_text: 'echo root:hunter22-f | chpasswd' } }

/** Requests that show secrets, one for each operation that takes any: method, path, body, secrets. */
export const secretCalls: readonly SecretCall[] = [
  [
    'POST',
    '/api/vcenter/vm/vm-1/guest/processes?action=create',
    { credentials, spec: { path: '/bin/x', arguments: '-u me hunter22-1', environment: { A: 'hunter22-2' } } },
    ['hunter22-a', '-u me hunter22-1', 'hunter22-2'],
  ],
  [
    'POST',
    '/rest/vcenter/vm/vm-1/guest/processes?action=create',
    { credentials, spec: { path: '/bin/x', environment: [{ key: 'A', value: 'hunter22-2' }] } },
    ['hunter22-a', 'hunter22-2'],
  ],
  [
    'POST',
    '/api/vcenter/vm/vm-1/guest/environment?action=list',
    { credentials: { type: 'SAML_BEARER_TOKEN', user_name: 'root', saml_token: 'PHNhbWw-hunter' }, names: ['PATH'] },
    ['PHNhbWw-hunter'],
  ],
  [
    'POST',
    '/api/vcenter/vm/vm-1/guest/filesystem?action=create',
    { credentials, spec: { path: '/tmp/x' } },
    ['hunter22-a'],
  ],
  [
    'POST',
    '/api/vcenter/vm/vm-1/guest/filesystem/files?action=create-temporary',
    { credentials, prefix: 'a', suffix: 'b' },
    ['hunter22-a'],
  ],
  [
    'POST',
    '/api/vcenter/guest/customization-specs',
    { name: 'win', spec: { configuration_spec: customization } },
    ['hunter22-b', 'hunter22-c', 'AAAAA-BBBBB-CCCCC', 'net use x: /user:me hunter22-d', xml, 'hunter22-x'],
  ],
  [
    'PUT',
    '/api/vcenter/guest/customization-specs/win',
    { spec: { configuration_spec: cloud } },
    ['chpasswd: hunter22-e'],
  ],
  [
    'PUT',
    '/api/vcenter/vm/vm-1/guest/customization',
    { configuration_spec: linux },
    ['echo root:hunter22-f | chpasswd'],
  ],
  [
    'POST',
    '/api/vcenter/vm?action=clone',
    { name: 'x', guest_customization_spec: { name: 'y' }, customization: linux },
    ['echo root:hunter22-f | chpasswd'],
  ],
  [
    'POST',
    '/api/vcenter/guest/customization-specs?action=import',
    { customization_spec: '{"password":"hunter22-g"}' },
    ['hunter22-g'],
  ],
  [
    'POST',
    '/api/vcenter/host',
    { hostname: 'esx.example', user_name: 'root', password: 'hunter22-h', folder: 'group-h1' },
    ['hunter22-h'],
  ],
  [
    'POST',
    '/rest/vcenter/host',
    { spec: { hostname: 'esx.example', user_name: 'root', password: 'hunter22-h' } },
    ['hunter22-h'],
  ],
  [
    'POST',
    '/api/content/subscribed-library',
    {
      name: 's',
      subscription_info: {
        authentication_method: 'BASIC',
        subscription_url: 'https://me:hunter22-i@lib.example/lib.json',
        user_name: 'me',
        password: 'hunter22-j',
      },
    },
    ['hunter22-i', 'hunter22-j'],
  ],
  [
    'PATCH',
    '/api/content/local-library/lib-1',
    {
      publish_info: {
        authentication_method: 'BASIC',
        user_name: 'vcsp',
        password: 'hunter22-k',
        current_password: 'hunter22-l',
      },
    },
    ['hunter22-k', 'hunter22-l'],
  ],
  [
    'POST',
    '/api/content/library/item/update-session/s-1/file',
    {
      name: 'x',
      source_type: 'PULL',
      source_endpoint: { uri: 'https://me:hunter22-m@store.example/x?X-Amz-Signature=hunter22-n' },
    },
    ['hunter22-m', 'hunter22-n'],
  ],
  [
    'POST',
    '/api/vcenter/ovf/library-item/item-1?action=deploy',
    {
      deployment_spec: {
        additional_parameters: [
          {
            '@class': 'x.property_params',
            properties: [
              { id: 'va-root-password', class_id: '', value: 'hunter22-o' },
              { id: 'guestinfo.x', type: 'password', value: 'hunter22-p' },
              { id: 'guestinfo.userdata', value: 'aHVudGVyMjI=' },
            ],
          },
        ],
      },
    },
    ['hunter22-o', 'hunter22-p', 'aHVudGVyMjI='],
  ],
  [
    'POST',
    '/api/vcenter/identity/providers',
    {
      config_tag: 'Oauth2',
      oauth2: { client_id: 'me', client_secret: 'hunter22-q', auth_endpoint: 'https://i.example/' },
    },
    ['hunter22-q'],
  ],
  [
    'PATCH',
    '/api/vcenter/identity/providers/p-1',
    {
      config_tag: 'Oidc',
      oidc: { client_id: 'me', client_secret: 'hunter22-r' },
      active_directory_over_ldap: { user_name: 'me', password: 'hunter22-s' },
    },
    ['hunter22-r', 'hunter22-s'],
  ],
  [
    'POST',
    '/api/vcenter/tokenservice/token-exchange',
    { grant_type: 'urn:x', subject_token: 'hunter22-t', subject_token_type: 'urn:y', actor_token: 'hunter22-u' },
    ['hunter22-t', 'hunter22-u'],
  ],
  [
    'POST',
    '/api/vcenter/authentication/token',
    'grant_type=authorization_code&code=hunter22-v&client_secret=hunter22-w&refresh_token=hunter22-x',
    ['hunter22-v', 'hunter22-w', 'hunter22-x'],
  ],
  [
    'PUT',
    '/api/vcenter/certificate-management/vcenter/tls',
    { cert: 'c', key: 'not-pem-key', root_cert: 'r' },
    ['not-pem-key'],
  ],
  ['PUT', '/rest/vcenter/certificate-management/vcenter/tls', { spec: { cert: 'c', key } }, [key]],
  [
    'POST',
    '/api/vcenter/hvc/links',
    { psc_hostname: 'psc.example', domain_name: 'd', username: 'me', password: 'hunter22-y' },
    ['hunter22-y'],
  ],
  [
    'POST',
    '/api/vcenter/crypto-manager/kms/providers?action=import',
    { config: 'cGtjczEy', password: 'hunter22-z' },
    ['cGtjczEy', 'hunter22-z'],
  ],
  [
    'PATCH',
    '/api/vcenter/trusted-infrastructure/trust-authority-clusters/c-1/kms/providers/p/client-certificate?vmw-task=true',
    { certificate: 'c', private_key: 'not-pem-key' },
    ['not-pem-key'],
  ],
  [
    'PUT',
    '/api/vcenter/trusted-infrastructure/trust-authority-clusters/c-1/kms/providers/p/credential?vmw-task=true',
    { credential: 'hunter22-aa' },
    ['hunter22-aa'],
  ],
  [
    'POST',
    '/api/vcenter/namespace-management/clusters/c-1?action=enable',
    {
      load_balancer_config_spec: {
        avi_config_create_spec: { server: { host: 'a' }, username: 'me', password: 'hunter22-ab' },
      },
      cluster_proxy_config: { http_proxy_config: 'http://me:hunter22-ac@proxy.example' },
    },
    ['hunter22-ab', 'hunter22-ac'],
  ],
  [
    'POST',
    '/api/vcenter/namespace-management/supervisors/s/container-image-registries',
    { image_registry: { hostname: 'r', username: 'me', password: 'hunter22-ad' } },
    ['hunter22-ad'],
  ],
  [
    'POST',
    '/api/vcenter/namespace-management/supervisors/s/identity/providers',
    { display_name: 'x', client_ID: 'me', client_secret: 'hunter22-ae' },
    ['hunter22-ae'],
  ],
  ...applianceCalls,
  [
    'POST',
    '/api/vcenter/deployment/install?action=start',
    { vcsa_embedded: { standalone: { sso_admin_password: 'hunter22-as', sso_domain_name: 'd' } } },
    ['hunter22-as'],
  ],
  ['POST', '/api/vcenter/frob?action=twiddle', { spec: { nested: [{ frob_secret: 'hunter22-at' }] } }, ['hunter22-at']],
  ['POST', '/api/vcenter/frob', { rotate: true, passwords: { root: 'hunter22-au' } }, ['hunter22-au']],
]

/** The same, as the suite takes them. */
export const secretRequests = secretCalls.map(([method, path, body, secrets]) => ({
  method,
  url: url + path,
  headers: { 'content-type': typeof body === 'string' ? 'application/x-www-form-urlencoded' : 'application/json' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
  secrets,
}))
