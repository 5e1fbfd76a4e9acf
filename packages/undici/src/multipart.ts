/** Escapes the name of a field or file by the HTML standard (multipart/form-data encoding algorithm). */
const escaped = (name: string): string => name.replaceAll('\n', '%0A').replaceAll('\r', '%0D').replaceAll('"', '%22')

const withCrlf = (text: string): string => text.replaceAll(/\r?\n|\r/g, '\r\n')

/** A form as bytes. Files are read only when they are sent. */
export function multipart(form: FormData): { readonly blob: Blob; readonly type: string } {
  const boundary = `----formdata-holdfast-${crypto.randomUUID()}`
  const parts: (string | Blob)[] = []
  for (const [name, value] of form) {
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${escaped(withCrlf(name))}"`
    if (typeof value === 'string') parts.push(`${head}\r\n\r\n${withCrlf(value)}\r\n`)
    else {
      const file = value.name === '' ? '' : `; filename="${escaped(value.name)}"`
      parts.push(`${head}${file}\r\nContent-Type: ${value.type || 'application/octet-stream'}\r\n\r\n`, value, '\r\n')
    }
  }
  parts.push(`--${boundary}--\r\n`)
  return { blob: new Blob(parts), type: `multipart/form-data; boundary=${boundary}` }
}
