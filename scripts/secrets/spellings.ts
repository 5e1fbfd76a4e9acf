/** A way in which a writer puts a text into another. */
export type Spell = (secret: string) => string

const units = (text: string, spell: (code: number) => string) =>
  Array.from({ length: text.length }, (_, at) => spell(text.charCodeAt(at))).join('')
const hex4 = (code: number) => code.toString(16).padStart(4, '0')
const json = (text: string) => JSON.stringify(text).slice(1, -1)
const base64 = (text: string) => Buffer.from(text).toString('base64')

/** The ways by name: escapes, encodings, bytes read as another text, and texts that were cut off. */
export const spellings: Readonly<Record<string, Spell>> = {
  'as it is': (secret) => secret,
  JSON: json,
  'JSON with slashes escaped': (secret) => json(secret).replaceAll('/', '\\/'),
  'JSON, plus and equals escaped': (secret) => json(secret).replaceAll('+', '\\u002B').replaceAll('=', '\\u003d'),
  'JSON, every sign escaped': (secret) => units(secret, (code) => `\\u${hex4(code)}`),
  'JSON in JSON': (secret) => json(json(secret)),
  'XML by number': (secret) => secret.replace(/[&<>"'+=]/g, (sign) => `&#${sign.charCodeAt(0)};`),
  'XML by name': (secret) => secret.replaceAll('&', '&amp;').replaceAll('"', '&quot;'),
  'XML in hexadecimal': (secret) => units(secret, (code) => `&#x${code.toString(16).toUpperCase()};`),
  'XML in XML': (secret) => secret.replaceAll('&', '&amp;amp;').replaceAll('"', '&amp;quot;'),
  'HTML names of signs': (secret) =>
    secret.replaceAll('&', '&amp;').replaceAll('+', '&plus;').replaceAll('=', '&equals;').replaceAll('/', '&sol;'),
  'JSON in XML': (secret) => json(secret).replaceAll('&', '&amp;').replaceAll('"', '&quot;'),
  'a URL': encodeURIComponent,
  'a URL in small letters': (secret) => encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase()),
  'a URL in a URL': (secret) => encodeURIComponent(encodeURIComponent(secret)),
  'every byte in percent': (secret) => Buffer.from(secret).toString('hex').replace(/../g, '%$&'),
  'a form': (secret) => new URLSearchParams({ '': secret }).toString().slice(1),
  base64,
  'base64 behind one sign': (secret) => base64(`u${secret}!!`),
  'base64 behind two': (secret) => base64(`a:${secret}!!`),
  'base64 for URLs': (secret) => Buffer.from(secret).toString('base64url'),
  'base64 of JSON': (secret) => base64(JSON.stringify({ key: secret })),
  'base64 in base64': (secret) => base64(base64(secret)),
  'base64 in percent': (secret) => encodeURIComponent(base64(secret)),
  'base64 of UTF-16': (secret) => Buffer.from(secret, 'utf16le').toString('base64'),
  'base64 in lines': (secret) => base64(`name:${secret}`).replace(/.{8}/g, '$&\n'),
  hexadecimal: (secret) => Buffer.from(secret).toString('hex'),
  'hexadecimal in capitals': (secret) => Buffer.from(secret).toString('hex').toUpperCase(),
  'a buffer as Node.js shows it': (secret) =>
    Buffer.from(secret)
      .toString('hex')
      .replace(/..(?!$)/g, '$& '),
  'a buffer as JSON shows it': (secret) => JSON.stringify(Buffer.from(secret)),
  'UTF-16 read as UTF-8': (secret) => Buffer.from(secret, 'utf16le').toString(),
  'UTF-8 read as Latin-1': (secret) => Buffer.from(secret).toString('latin1'),
  'Latin-1 read as UTF-8': (secret) => Buffer.from(secret, 'latin1').toString(),
  'cut off by an ellipsis': (secret) => `${secret.slice(0, -2)}…`,
  'cut off by dots': (secret) => `${secret.slice(0, -2)}...`,
  'cut off by a quotation mark': (secret) => `${secret.slice(0, -2)}"`,
  'with its middle left out': (secret) => `${secret.slice(0, 8)}...${secret.slice(-8)}`,
  'in capitals': (secret) => secret.replace(/[a-z]/g, (letter) => letter.toUpperCase()),
}
