const json = (padding: number) => JSON.stringify({ vm: 'vm-101', power_state: 'POWERED_ON', name: 'x'.repeat(padding) })

/** What every server and stub answers: 194 bytes of JSON. */
export const body = json(194 - json(0).length)

/** What a login at `/api/session` answers: a session identifier, the way vSphere gives it. */
export const session = JSON.stringify('b00db39f948d13ea1e59b4d6fce56389')

export const headers = { 'content-type': 'application/json' } as const
