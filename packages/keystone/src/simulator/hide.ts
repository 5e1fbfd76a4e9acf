import type { OpenCall } from '@holdfast/testing/simulator-kit'

/** Blanks the password and the token in a login's body. */
export function hide(call: OpenCall): void {
  call.body = call.body
    .replace(/("password"\s*:\s*)"(?:[^"\\]|\\.)*"/g, '$1"[password]"')
    .replace(/("token"\s*:\s*\{\s*"id"\s*:\s*)"(?:[^"\\]|\\.)*"/g, '$1"[token]"')
}
