// Node.js, the X.509 errors of `tls` that do not begin with CERT_ or ERR_TLS_CERT: the peer's certificate or name is not acceptable.
const CERTIFICATE = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_CRL',
  'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
  'UNABLE_TO_DECRYPT_CRL_SIGNATURE',
  'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
  'CRL_SIGNATURE_FAILURE',
  'CRL_NOT_YET_VALID',
  'CRL_HAS_EXPIRED',
  'ERROR_IN_CERT_NOT_BEFORE_FIELD',
  'ERROR_IN_CERT_NOT_AFTER_FIELD',
  'ERROR_IN_CRL_LAST_UPDATE_FIELD',
  'ERROR_IN_CRL_NEXT_UPDATE_FIELD',
  'OUT_OF_MEM',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'HOSTNAME_MISMATCH',
  // Node.js has no name for the newer ones, those about weak keys among them.
  'UNSPECIFIED',
])

// OpenSSL: keys, digests and authorities that one side does not accept.
const ABOUT_CERTIFICATES = /CERTIFICATE|UNKNOWN_CA\b|ACCESS_DENIED|(^|_)(EE|CA)_(KEY|MD)_TOO_/

// OpenSSL: records and alerts that can only come before application data.
const OF_HANDSHAKE =
  /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNSUPPORTED_PROTOCOL|NO_PROTOCOLS_AVAILABLE|HTTP_REQUEST|HANDSHAKE_FAILURE|PROTOCOL_VERSION|UNRECOGNIZED_NAME|INSUFFICIENT_SECURITY|NO_APPLICATION_PROTOCOL|ALERT_DECRYPT_ERROR|EXPORT_RESTRICTION|MISSING_EXTENSION|UNSUPPORTED_EXTENSION|INAPPROPRIATE_FALLBACK|UNKNOWN_PSK_IDENTITY|DH_KEY_TOO_SMALL|UNSAFE_LEGACY_RENEGOTIATION|WRONG_SIGNATURE_TYPE|NO_CIPHERS_AVAILABLE|NO_CIPHER_MATCH|NO_SHARED_CIPHER|NO_SUITABLE_/

// OpenSSL ssl/statem, ssl/t1_lib.c: its own checks of the server's handshake messages, whatever the reason's name.
const IN_HANDSHAKE =
  /SSL routines:(?:tls_process_(?:server_hello|as_hello_retry_request|encrypted_extensions|server_certificate|ske_\w+|key_exchange|cert_verify)|tls_parse_stoc_\w+|tls12_check_peer_sigalg|ssl_choose_client_version):/

/** The code for a failure of TLS; `undefined` for any other. */
export function tlsCode(code: string, message: string): string | undefined {
  // In Node.js, only the message distinguishes a connection lost during the handshake from a reset.
  if (/before secure TLS connection was established/.test(message)) return 'TLS_HANDSHAKE'
  if (CERTIFICATE.has(code) || /^(CERT_|ERR_TLS_CERT|(EE|CA)_(KEY|MD)_TOO_)/.test(code)) return 'TLS_CERTIFICATE'
  if (code !== 'EPROTO' && !code.startsWith('ERR_SSL_')) return undefined
  // If Node.js has only EPROTO, the message contains OpenSSL's reason, from which its codes are made.
  const reason = /SSL routines:[^:]*:([^:]*)/.exec(message)?.[1]?.toUpperCase().replaceAll(' ', '_')
  const text = code === 'EPROTO' ? (reason ?? '') : code
  if (ABOUT_CERTIFICATES.test(text)) return 'TLS_CERTIFICATE'
  return OF_HANDSHAKE.test(text) || IN_HANDSHAKE.test(message) ? 'TLS_HANDSHAKE' : 'ECONNRESET'
}
