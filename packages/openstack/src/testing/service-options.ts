import type { SessionSource } from '@holdfast/core/plugin'

/** A source of sessions that gives an empty one. */
export const emptySource: SessionSource = {
  credentials: () => ({ username: 'u', password: 'hunter2' }),
  open: async () => ({ secrets: [] }),
  sign: () => {},
}

/** Wrong options of every service: the options, the one that the error must name, and a part of its message. */
export function wrongServiceOptions(url: string): readonly (readonly [object, string, string])[] {
  const { host } = new URL(url)
  return [
    [{ url, user: 'u' }, 'user', 'is not known.'],
    [{ url: host }, 'url', 'must be an absolute http or https URL'],
    [{ url: `ftp://${host}` }, 'url', 'must be an absolute http or https URL'],
    [{ url: `https://u:hunter2@${host}` }, 'url', 'must not carry credentials.'],
    [{ url: `${url}/?a=b` }, 'url', 'must be without query and fragment.'],
    [{ auth: emptySource }, 'auth', 'needs `url`.'],
    [{ url, auth: 'hunter2' }, 'auth', 'must be a source of sessions, such as `keystone({ … })`'],
    [{ url, auth: { username: 'u', password: 'hunter2' } }, 'auth', 'must be a source of sessions'],
    [{ url, auth: null }, 'auth', 'must be a source of sessions'],
  ]
}
