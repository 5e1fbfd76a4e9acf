import type { Fault } from '@holdfast/core/plugin'

/** One reply as an API would send it. */
export interface BearerReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const quoted = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`

/** Writes a fault as a reply: the inverse of the parser. */
export const wire = {
  challenge: ({ code, status = 401, message }: Fault): BearerReply => ({
    status,
    headers: {
      'www-authenticate': [`Bearer realm="api"`, `error=${quoted(code)}`]
        .concat(message === undefined ? [] : `error_description=${quoted(message)}`)
        .join(', '),
    },
    body: '',
  }),
}
