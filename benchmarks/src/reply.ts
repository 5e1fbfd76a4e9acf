const json = (padding: number) => JSON.stringify({ vm: 'vm-101', power_state: 'POWERED_ON', name: 'x'.repeat(padding) })

/** The answer of every server and stub: 194 bytes of JSON. */
export const body = json(194 - json(0).length)

/** The answer to a login at `/api/session`: a session identifier, as from vSphere. */
export const session = JSON.stringify('b00db39f948d13ea1e59b4d6fce56389')

export const headers = { 'content-type': 'application/json' } as const
