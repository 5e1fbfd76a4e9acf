import { isObject, type JsonObject, objectsIn, textOf } from '@holdfast/core/plugin'

/** The content of an error of any shape. */
export interface ErrorWords {
  /** Absent if a service is too old to send one. */
  readonly code: string | undefined
  /** The error itself first, then its causes; in the current spelling. */
  readonly messages: readonly JsonObject[]
  readonly data?: unknown
}

/** Reads the body of a failure, in any shape that vCenter has had; `undefined` for a body that is not vCenter's. */
export function readErrorBody(body: unknown): ErrorWords | undefined {
  return isObject(body) ? (readPlain(body) ?? readWrapped(body) ?? readRouter(body)) : undefined
}

/** `/api`: `{error_type, messages, data}`. Without `error_type`, the messages must show that they are vCenter's. */
function readPlain({ error_type, messages, data }: JsonObject): ErrorWords | undefined {
  const type = textOf(error_type)
  const found = objectsIn(messages)
  if (type === undefined && !found.some(({ id }) => textOf(id) !== undefined)) return undefined
  return { code: type === undefined ? undefined : codeOf(type), messages: found, data }
}

/** `/rest`: `{type, value: {error_type, messages, data}}`; 6.x sends no `error_type`, simulators no `messages`. */
function readWrapped({ type, value }: JsonObject): ErrorWords | undefined {
  const name = textOf(type)
  if (name === undefined || !name.startsWith('com.vmware.')) return undefined
  const { error_type, messages, data } = isObject(value) ? value : {}
  return { code: codeOf(textOf(error_type) ?? name), messages: objectsIn(messages), data }
}

/** The router of 6.x: `{name, localizableMessages: [{id, defaultMessage}], majorErrorCode}`, the last of which is the status. */
function readRouter({ name, localizableMessages }: JsonObject): ErrorWords | undefined {
  const own = textOf(name)
  if (own === undefined || !own.startsWith('com.vmware.')) return undefined
  const messages = objectsIn(localizableMessages).map(({ id, defaultMessage }) => ({
    id,
    default_message: defaultMessage,
  }))
  return { code: undefined, messages: messages.length > 0 ? messages : [{ id: own }] }
}

/** A 200 of an OVF deployment or capture: `{succeeded, error: {errors: [{category, …}]}}`. */
export function readOvfResult(result: JsonObject): ErrorWords | undefined {
  const errors = isObject(result.error) ? objectsIn(result.error.errors) : []
  if (result.succeeded === true || (result.succeeded !== false && errors.length === 0)) return undefined
  const [first = {}] = errors
  const { category, error, message, issues } = first
  const inner = isObject(error) ? error : {}
  const type = textOf(inner.error_type) ?? textOf(inner['@class'])
  return {
    // INPUT and VALIDATION blame the caller's parameters and descriptor.
    code:
      type !== undefined
        ? codeOf(type)
        : category === 'INPUT' || category === 'VALIDATION'
          ? 'INVALID_ARGUMENT'
          : 'ERROR',
    messages: [
      ...objectsIn(inner.messages),
      ...objectsIn([message]),
      ...objectsIn(issues).flatMap((issue) => objectsIn([issue.message])),
    ],
    data: inner.data,
  }
}

/** A 200 of a tagging batch: `{success, error_messages: [{id, default_message, args}]}`, one message a failed item. */
export function readTagResult({ success, error_messages }: JsonObject): ErrorWords | undefined {
  return success === false ? { code: 'ERROR', messages: objectsIn(error_messages) } : undefined
}

/** The type in capitals: `com.vmware.vapi.std.errors.not_found` and `not_found` are `NOT_FOUND`. Others are not changed. */
export function codeOf(type: string): string {
  const name = type.replace(/^(?:com\.vmware\.)?vapi\.std\.errors\./, '')
  return /^[a-z][a-z_]*$/.test(name) ? name.toUpperCase() : name
}
