const url = 'https://vc.example'

/** Replies that show secrets, as the suite takes them. */
export const secretReplies = [
  {
    request: { method: 'POST', url: `${url}/rest/com/vmware/cis/session` },
    body: '{"value":{"session_id":"hunter22-a"}}',
    secrets: ['hunter22-a'],
  },
  {
    request: { method: 'POST', url: `${url}/api/vcenter/vm/vm-1/console/tickets`, body: '{"type":"WEBMKS"}' },
    body: '{"ticket":"wss://esx.example:443/ticket/hunter22-b"}',
    secrets: ['wss://esx.example:443/ticket/hunter22-b'],
  },
  {
    request: { method: 'POST', url: `${url}/api/vcenter/tokenservice/token-exchange`, body: '{}' },
    body: '{"access_token":"hunter22-c","issued_token_type":"urn:x","token_type":"bearer"}',
    secrets: ['hunter22-c'],
  },
  {
    request: { method: 'POST', url: `${url}/api/vcenter/vm/vm-1/guest/filesystem?action=create`, body: '{}' },
    body: '"https://esx.example/guestFile?id=1&token=hunter22-d"',
    secrets: ['hunter22-d'],
  },
  {
    request: { method: 'POST', url: `${url}/api/session` },
    body: '"hunter22-e-session"',
    secrets: ['hunter22-e-session'],
  },
]
