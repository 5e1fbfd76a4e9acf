import type { OpenCall } from '@holdfast/testing/simulator-kit'

/** Blanks passwords, secrets and tokens in a login's body. */
export function hide(call: OpenCall): void {
  call.body = call.body
    .replace(/("password"\s*:\s*)"(?:[^"\\]|\\.)*"/g, '$1"[password]"')
    .replace(/("secret"\s*:\s*)"(?:[^"\\]|\\.)*"/g, '$1"[secret]"')
    .replace(/("token"\s*:\s*\{\s*"id"\s*:\s*)"(?:[^"\\]|\\.)*"/g, '$1"[token]"')
}
