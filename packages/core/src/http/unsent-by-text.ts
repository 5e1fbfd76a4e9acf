/** Messages of runtimes without codes, for failures before the request had a connection. */
const TEXTS: readonly (readonly [code: string, text: RegExp])[] = [
  // WebKit gives the words of Foundation for NSURLErrorCannotConnectToHost, …CannotFindHost, …NotConnectedToInternet,
  // …SecureConnectionFailed and …ServerCertificateUntrusted.
  ['CONNECT_FAILED', /^Could not connect to the server\.$/],
  ['ENOTFOUND', /^A server with the specified hostname could not be found\.$/],
  ['ENETDOWN', /^The Internet connection appears to be offline\.$/],
  ['TLS_HANDSHAKE', /^(?:An SSL error has occurred and a|A TLS error caused the) secure connection to /],
  ['TLS_CERTIFICATE', /^The certificate for this server is invalid\./],
  // Deno: its HTTP library h2 has the words of RFC 9113 for REFUSED_STREAM.
  [
    'HTTP2_NOT_SENT',
    /^(?:error sending request|client error \(SendRequest\)).*: refused stream before processing any application logic$/,
  ],
]

/** Deno 2, Deno 2 without an address, Deno 1: its HTTP library names the step that failed. */
const OF_DENO = /^(?:error sending request\b.*: )?(?:client error \(Connect\)|error trying to connect: )/

/** The reason after that, in the words of rustls, hyper-util and the systems' name resolution. */
const REASONS: readonly (readonly [code: string, reason: RegExp])[] = [
  ['TLS_CERTIFICATE', /invalid peer certificate/],
  ['HTTP_407', /tunnel error: proxy authorization required/],
  ['ENOTFOUND', /dns error: .*(?:Name or service not known|nodename nor servname provided|No such host is known)/],
  ['EAI_AGAIN', /dns error: .*Temporary failure in name resolution/],
]

const find = (rows: readonly (readonly [code: string, words: RegExp])[], text: string): string | undefined =>
  rows.find(([, words]) => words.test(text))?.[0]

/** The code for a failure before the request had a connection, by its message alone; `undefined` for any other. */
export const unsentByText = (text: string): string | undefined =>
  OF_DENO.test(text) ? (find(REASONS, text) ?? 'CONNECT_FAILED') : find(TEXTS, text)
