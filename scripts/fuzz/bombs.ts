/** Texts that are made to break a reader, each of about the given length. */
export const bombs: Readonly<Record<string, (size: number) => string>> = {
  'nothing but open brackets': (size) => '['.repeat(size),
  'objects in objects': (size) => '{"a":'.repeat(size / 5),
  'closed lists in lists': (size) => '['.repeat(size / 2) + ']'.repeat(size / 2),
  'an error that holds lists in lists': (size) => `{"error":${'['.repeat(size)}`,
  'numbers that are no JSON, in lists in lists': (size) =>
    `{"result":${'['.repeat(size / 2)}NaN${']'.repeat(size / 2)}}`,
  'elements in elements': (size) => '<value>'.repeat(size / 7),
  'entities that hold entities': (size) =>
    `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a0 "b">${Array.from({ length: 40 }, (_, at) => `<!ENTITY a${at + 1} "${`&a${at};`.repeat(10)}">`).join('')}]><methodResponse>${'&a40;'.repeat(size / 5)}`,
  'entities by number': (size) =>
    `<methodResponse><params><param><value>${'&#x10FFFF;'.repeat(size / 10)}</value></param></params></methodResponse>`,
  'aliases of aliases': (size) =>
    `a0: &a0 [b]\n${Array.from({ length: 30 }, (_, at) => `a${at + 1}: &a${at + 1} [${`*a${at},`.repeat(9)}]`).join('\n')}\nclouds: *a30\n#${'x'.repeat(size)}`,
  'a number of many digits': (size) => `{"error":{"code":${'9'.repeat(size)}}}`,
  'an exponent of many digits': (size) => `{"result":1e${'9'.repeat(size)}}`,
  'one long text': (size) => `{"error":{"message":"${'a'.repeat(size)}","code":"A.1"}}`,
  'a text without an end': (size) => `"${'\\"'.repeat(size / 2)}`,
  'many members': (size) => `{${Array.from({ length: size / 12 }, (_, at) => `"k${at}":{}`).join(',')}}`,
  'one member many times': (size) => `{${'"error":[],'.repeat(size / 11)}"a":1}`,
  'many lines': (size) => 'a: b\n'.repeat(size / 5),
  'nothing but spaces': (size) => ' '.repeat(size),
  'nothing but zeros': (size) => '\0'.repeat(size),
  'halves of characters': (size) => '\ud800\\udc00'.repeat(size / 7),
  'bytes that are no text': (size) => '\ufffd'.repeat(size / 3),
  'escapes of escapes': (size) => `%25${'25'.repeat(size / 2)}\\u005cu005c&amp;amp;`,
  'signs of markup': (size) => '<&%\\"\'#:'.repeat(size / 8),
}
