import { isCredentialName } from './credentials.ts'

/** Words that, as a whole word of a name, mean a secret in a body, in addition to those of headers and queries. */
const SECRET_WORD =
  /(?:^|_)(?:pass|pw|passcode|pin|t?otp|psk|kek|saml(?:response|art)?|assertion|ticket|unattend|communit(?:y|ies)|(?:user|vendor)_?data|session(?:_id)?)$/
/** Keys that are secret. Others are public, or identifiers. */
const SECRET_KEY =
  /(?:^|_)(?:priv(?:ate)?|api|access|secret|encryption|decryption|auth|shared|master|account|storage|signing|hmac|ssl|tls|wep|wpa|license|product|session|data)_?keys?(?:_pem|_data)?$/
/** Facts about a secret that are public. */
const ABOUT_A_SECRET =
  /(?:^|_)(?:types?|timeout|ttl|age|lifetime|expir\w+|idle|history|policy|format|algorithm|alg|length|min|max|count|limit|coefficient|enabled|required|methods?|mode|url|uri|endpoint|path|name|label|description|version|status|state|uuid|ref)$/
/** Ends of names under which a number is a secret: others are counts and measures. */
const NUMERIC_SECRET =
  /(?:passw(?:or)?d|passcode|pwd|(?:^|_)(?:pass|pin|t?otp)|secret|token|(?:api|access|auth|private|secret)_?key)$/

/** A part of every name of a secret: most names have none, and are not taken apart. */
const HAS_TELLING_PART =
  /author|cookie|token|secret|pass|pwd?|otp|pin|psk|kek|saml|ass|ticket|unattend|communit|data|key|sig|cred|sess|jwt/i

/** `adminPass`, `admin-pass` and `guest.admin_pass` as `admin_pass`. */
const asWords = (name: string): string =>
  name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/[^a-z\d]+/gi, '_')
    .toLowerCase()

/** True for a name of a secret in a body, where `key` and `auth` alone can mean anything. */
export function isSecretName(name: string): boolean {
  if (name.length > LONGEST_NAME || !HAS_TELLING_PART.test(name)) return false
  const words = asWords(name)
  if (words === 'key' || words === 'auth' || ABOUT_A_SECRET.test(words)) return false
  return isCredentialName(words) || SECRET_WORD.test(words) || SECRET_KEY.test(words)
}

const LONGEST_NAME = 200

/** True for a name under which even a number is a secret. */
export const isNumericSecretName = (name: string): boolean => isSecretName(name) && NUMERIC_SECRET.test(asWords(name))
