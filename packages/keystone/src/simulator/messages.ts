import { type CloudReply, compact, gatewayReply, isGatewayCode, Refusal, spaced } from '@holdfast/openstack/simulator'

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}

/** The same for an expired, revoked, unknown or missing token, a wrong password and a locked account: the answer does not show which. */
export const unauthorized = () => new Refusal('401', 'The request you have made requires authentication.')

export const forbidden = (action: string) =>
  new Refusal('403', `You are not authorized to perform the requested action: ${action}.`)

export const noToken = () => new Refusal('404', 'Failed to validate token')

export const unreadableToken = () => new Refusal('404', 'Could not recognize Fernet token')

export const noCredential = (id: string) => new Refusal('404', `Could not find Application Credential: ${id}.`)

export const noUser = (name: string) => new Refusal('404', `Could not find user: ${name}.`)

export const scopeBesideCredential = () =>
  new Refusal(
    '401',
    'Error authenticating with application credential: Application credentials cannot request a scope.',
  )

const malformedText =
  'The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.'

export const expecting = (what: string, where: string) =>
  new Refusal('400', `Expecting to find ${what} in ${where}. ${malformedText}`)

export const credentialMisses = (what: string) => expecting(what, 'application credential')

/** A body that its schema does not allow: long, and full of newlines. */
export const missing = (property: string, instance: string, value: unknown) =>
  new Refusal(
    '400',
    [
      `'${property}' is a required property`,
      '',
      "Failed validating 'required' in schema:",
      `    {'required': ['${property}'], 'type': 'object'}`,
      '',
      `On ${instance}:`,
      `    ${JSON.stringify(value ?? null)}`,
    ].join('\n'),
  )

/** Writes a refusal as Keystone does; a code such as `IAM.0012` as the newer calls of Huawei's identity service do. */
export function writeRefusal({ code, status, message }: Refusal, uri: string): CloudReply {
  if (isGatewayCode(code)) return gatewayReply(code, message, status)
  if (!/^\d{3}$/.test(code)) {
    return compact(status ?? (code === 'IAM.0012' ? 429 : 401), { error_msg: message, error_code: code })
  }
  const number = status ?? Number(code)
  const title = titles[number] ?? 'Error'
  const { headers, body } = compact(number, { error: { code: number, message, title } })
  // Flask ends its JSON with a newline.
  const reply: CloudReply = {
    status: number,
    statusText: title.toUpperCase(),
    body: `${body}\n`,
    ...(headers && { headers }),
  }
  return number === 401 ? challenged(reply, uri) : reply
}

const challenged = (reply: CloudReply, uri: string): CloudReply => ({
  ...reply,
  headers: { ...reply.headers, 'www-authenticate': `Keystone uri="${uri}"` },
})

/** A path that is known, with a method that is not: another shape. */
export const methodNotAllowed = (allow: string): CloudReply => ({
  ...spaced(405, { message: 'The method is not allowed for the requested URL.' }, { allow }),
  statusText: 'METHOD NOT ALLOWED',
  code: '405',
})

/** A path that is not known. */
export const pageNotFound: CloudReply = {
  status: 404,
  statusText: 'NOT FOUND',
  headers: { 'content-type': 'text/html; charset=utf-8' },
  code: '404',
  body: [
    '<!doctype html>',
    '<html lang=en>',
    '<title>404 Not Found</title>',
    '<h1>Not Found</h1>',
    '<p>The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.</p>',
    '',
  ].join('\n'),
}
