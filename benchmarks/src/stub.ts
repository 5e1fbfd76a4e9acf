import { competitors, type Fetch } from './contenders.ts'
import { holdfasts } from './holdfast.ts'
import { type Case, caseOf } from './interleave.ts'
import { headers, session } from './reply.ts'

const url = 'https://service.example/api/vcenter/vm'

/**
 * Every contender over a `fetch` that resolves with one prebuilt reply. It has no body: one that a contender passes on
 * through a stream of its own could serve a single call only. What that costs shows over loopback.
 */
export async function stubCases(): Promise<{ readonly cases: Case[]; close(): Promise<void> }> {
  const reply = new Response(null, { headers })
  const login = () => new Response(session, { status: 201, headers })
  const stub: Fetch = async (_input, init) => (init?.method === 'POST' ? login() : reply)
  const contenders = [...competitors(stub, url), ...(await holdfasts(stub, url))]
  return {
    cases: await Promise.all(contenders.map(({ name, get }) => caseOf(name, get))),
    async close() {
      for (const contender of contenders) await contender.close?.()
    },
  }
}
