import { createRecorder, type OpenCall, type RecordedCall } from '@holdfast/testing/simulator-kit'
import type { RpcCall } from './rpc.ts'

/** One request as a host saw it. In its body and query a session reads `[session 1]`, a password `[password]`. */
export interface XapiCall extends RecordedCall {
  /** Name of the host. */
  readonly host: string
  /** The method that it calls, if the call can be read. */
  readonly rpc?: string
  readonly format?: 'xml-rpc' | 'json-rpc-1.0' | 'json-rpc-2.0'
}

/** A call that is still being recorded. */
export type OpenXapiCall = { -readonly [Field in keyof XapiCall]: XapiCall[Field] }

/** Records the requests to hosts. */
export interface XapiRecorder {
  readonly calls: readonly XapiCall[]
  /** Records a request at once, and its body when it has been read: the unchanged text. */
  note(request: Request, host: string): { readonly call: OpenXapiCall; readonly bodyRead: Promise<string> }
  /** Records the called method, and hides the secrets in the call. */
  noteRpc(call: OpenXapiCall, rpc: RpcCall): void
  /** Hides all known secrets in a body that is not a call. */
  noteUnreadable(call: OpenXapiCall): void
  clear(): void
}

/** Starts a record at a server whose password this is. */
export function createXapiRecorder(password: string): XapiRecorder {
  const calls: OpenXapiCall[] = []
  const labels = new Map<string, string>()
  const labelOf = (session: string) => {
    const label = labels.get(session) ?? `[session ${labels.size + 1}]`
    labels.set(session, label)
    return label
  }
  const recorder = createRecorder({ labelOf: (secret) => (secret === password ? '[password]' : labels.get(secret)) })
  return {
    calls,
    note(request, host) {
      const session = new URL(request.url).searchParams.get('session_id')
      if (session) labelOf(session)
      const { call, bodyRead } = recorder.note(request)
      const noted: OpenXapiCall = Object.assign(call, { host })
      calls.push(noted)
      return { call: noted, bodyRead }
    },
    noteRpc(call, { method, format, params }) {
      Object.assign(call, { rpc: method, format })
      const [first, ...others] = params
      const isLogin = /^session\..*login/.test(method)
      if (!isLogin && typeof first === 'string' && first !== '') hide(call, first, labelOf(first))
      const shown = isLogin ? others.slice(0, 1) : TAKES_SECRETS.test(method) ? others.filter(isNoReference) : []
      for (const secret of shown) hide(call, secret, '[password]')
    },
    noteUnreadable(call) {
      hide(call, password, '[password]')
      for (const [session, label] of labels) hide(call, session, label)
    },
    clear() {
      recorder.clear()
      calls.length = 0
    },
  }
}

/** Methods with a secret among their parameters, which have positions and no names. */
const TAKES_SECRETS = /passw|secret|join|wlb|proxy|sync_updates|import_convert|certificate|sysprep|set_contents|license/

const isNoReference = (param: unknown): boolean => typeof param !== 'string' || !param.startsWith('OpaqueRef:')

/** Hides a secret in all the ways in which JSON and XML write it. */
function hide(call: OpenCall, secret: unknown, label: string): void {
  if (typeof secret !== 'string' || secret === '') return
  const xml = secret.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
  const ways = [secret, JSON.stringify(secret).slice(1, -1), xml, xml.replace(/"/g, '&quot;')]
  for (const way of ways) call.body = call.body.replaceAll(way, label)
}
