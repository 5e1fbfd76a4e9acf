import { readDocument } from './xml-document.ts'
import { scalar } from './xml-scalar.ts'

/** The content of an XML-RPC document, as far as it could be read. */
export interface XmlRpc {
  readonly params: readonly unknown[]
  /** The content of a `<fault>`. */
  readonly fault: unknown
  /** False for a document that is cut off or not well formed; the values before that are here. */
  readonly complete: boolean
}

/** An open element, and what has been found in it. */
interface Frame {
  readonly name: string
  text: string
  /** `undefined` while nothing was closed in it. */
  value: unknown
  key: string | undefined
  readonly items: unknown[] | undefined
  readonly members: Map<string, unknown> | undefined
}

/** Reads the values of a call or an answer. If a name in a struct or the list of parameters occurs twice, the first counts. */
export function readXmlRpc(text: string): XmlRpc {
  const stack: Frame[] = []
  let params: readonly unknown[] | undefined
  let fault: unknown
  const close = () => {
    const frame = stack.pop()
    const parent = stack.at(-1)
    if (frame === undefined || parent === undefined) return
    give(frame, parent)
    if (stack.length > 1) return
    if (frame.name === 'params') params ??= frame.items
    if (frame.name === 'fault') fault ??= frame.value
  }
  const complete = readDocument(text, {
    open(name) {
      stack.push(frameOf(name))
    },
    text(part) {
      const frame = stack.at(-1)
      if (frame) frame.text += part
    },
    close,
  })
  while (stack.length > 0) {
    // A text that is cut off is no value.
    if (isWhole(stack.at(-1))) close()
    else stack.pop()
  }
  return { params: params ?? [], fault, complete }
}

const frameOf = (name: string): Frame => ({
  name,
  text: '',
  value: undefined,
  key: undefined,
  items: name === 'data' || name === 'params' ? [] : undefined,
  members: name === 'struct' ? new Map() : undefined,
})

const isWhole = (frame: Frame | undefined): boolean =>
  frame !== undefined && (frame.value !== undefined || frame.items !== undefined || frame.members !== undefined)

/** Passes the value of a closed element to the element around it. */
function give(frame: Frame, parent: Frame): void {
  switch (frame.name) {
    case 'name':
      parent.key ??= frame.text.trim()
      break
    case 'member':
      if (frame.key !== undefined && parent.members?.has(frame.key) === false) {
        parent.members.set(frame.key, frame.value)
      }
      break
    case 'value':
    case 'param': {
      const value = frame.value === undefined && frame.name === 'value' ? frame.text : frame.value
      if (parent.items) parent.items.push(value)
      else parent.value ??= value
      break
    }
    case 'struct':
      parent.value ??= Object.fromEntries(frame.members ?? [])
      break
    case 'data':
      parent.value ??= frame.items
      break
    case 'array':
      parent.value ??= frame.value ?? []
      break
    default:
      if (parent.name === 'value') parent.value ??= scalar(frame.name, frame.text)
  }
}
