import { type CodeOf, defineCatalogue } from '@holdfast/core/plugin'

/** The meaning of every error of Acme: one row for each that its document lists. */
export const catalogue = defineCatalogue('acme', [
  {
    code: 'OVERLOADED',
    status: 503,
    kind: 'retryable',
    outcome: 'rejected',
    pace: 'fast',
    trips: true,
    hint: 'Come back later: the service has too much to do.',
  },
  {
    code: 'SESSION_EXPIRED',
    status: 401,
    kind: 'auth',
    outcome: 'rejected',
    reauth: true,
    hint: 'Log in again.',
  },
  {
    code: 'NAME_TAKEN',
    status: 409,
    kind: 'conflict',
    outcome: 'rejected',
    params: ['name'],
    hint: 'Choose another name, or remove what has this one.',
  },
  {
    code: 'INVALID_REQUEST',
    status: 400,
    kind: 'fatal',
    outcome: 'rejected',
    hint: 'Correct the request as the message says.',
  },
])

/** A code that the catalogue knows. */
export type AcmeCode = CodeOf<typeof catalogue>
