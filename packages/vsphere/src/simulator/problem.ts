/** One localisable message of vCenter: the caller's own error first, its causes after it. */
export interface Message {
  readonly id: string
  readonly default_message: string
  readonly args: readonly string[]
}

/** An error in vCenter's terms, before it is written as `/api` or as `/rest` writes it. */
export interface Problem {
  readonly type: string
  readonly messages: readonly Message[]
  /** The ways in which a client may authenticate. */
  readonly challenge?: string
  readonly retryAfter?: number | string
}

const problem = (type: string, ...messages: readonly Message[]): Problem => ({ type, messages })

const message = (id: string, default_message: string, ...args: readonly string[]): Message => ({
  id,
  default_message,
  args,
})

const invalidState = (state: string) =>
  message(
    'vmsg.InvalidPowerState.summary',
    `The attempted operation cannot be performed in the current state (${state}).`,
  )

/** The same for no session, an expired session, a wrong password and a locked account: the answer does not show which. */
export const unauthenticated: Problem = {
  type: 'UNAUTHENTICATED',
  messages: [message('com.vmware.vapi.endpoint.method.authentication.required', 'Authentication required.')],
  challenge: 'Basic realm="VAPI endpoint",SIGN realm="VAPI endpoint",service="VAPI endpoint"',
}

export const vmNotFound = (vm: string) =>
  problem(
    'NOT_FOUND',
    message('com.vmware.api.vcenter.vm.not_found', `Virtual machine with identifier '${vm}' does not exist.`, vm),
  )

/** An object that does not exist, for services whose messages are not known. */
export const notFound = (what: string, id: string) =>
  problem(
    'NOT_FOUND',
    message('com.vmware.vapi.std.errors.not_found', `${what} with identifier '${id}' does not exist.`, id),
  )

/** No such operation: vCenter calls that NOT_FOUND, too. */
export const noRoute = (surface: 'api' | 'rest') =>
  problem(
    'NOT_FOUND',
    message(`com.vmware.vapi.rest.${surface === 'api' ? 'httpNotFound' : 'operationsForUrlNotFound'}`, 'Not found.'),
  )

export const alreadyPowered = (power: 'on' | 'off' | 'suspended') =>
  problem(
    'ALREADY_IN_DESIRED_STATE',
    message(
      power === 'suspended'
        ? 'com.vmware.api.vcenter.vm.power.already_suspended'
        : `com.vmware.api.vcenter.vm.power.already_powered_${power}`,
      `Virtual machine is already ${power === 'suspended' ? power : `powered ${power}`}.`,
    ),
    invalidState(power === 'suspended' ? 'Suspended' : `Powered ${power}`),
  )

export const notAllowed = (state: string) => problem('NOT_ALLOWED_IN_CURRENT_STATE', invalidState(state))

/** Other work on the object is under way. */
export const busy: Problem = problem(
  'RESOURCE_BUSY',
  message('vmsg.TaskInProgress.summary', 'Another task is already in progress.'),
)

export const alreadyExists: Problem = problem('ALREADY_EXISTS')

export const invalidRequest: Problem = problem('INVALID_REQUEST')

export const invalidArgument = (text: string) =>
  problem('INVALID_ARGUMENT', message('com.vmware.vapi.std.errors.invalid_argument', text))

export const overloaded = (retryAfter?: number | string): Problem => ({
  ...problem('SERVICE_UNAVAILABLE'),
  ...(retryAfter !== undefined && { retryAfter }),
})

export const tooManySessions = (limit: number, user: string) =>
  problem(
    'SERVICE_UNAVAILABLE',
    message(
      'com.vmware.vapi.endpoint.failedToLoginMaxUserSessionCountReached',
      `User session count is limited to ${limit}. Existing session count is ${limit} for user ${user}.`,
      String(limit),
      user,
    ),
  )

/** The error of work that was cancelled. */
export const canceled: Problem = problem('CANCELED', message('com.vmware.vapi.std.errors.canceled', 'Canceled.'))

/** The answer to a cancellation that comes too late, or of work that cannot be cancelled. */
export const cannotCancel: Problem = problem(
  'UNSUPPORTED',
  message('com.vmware.vapi.std.errors.unsupported', 'The task cannot be canceled.'),
)

/** The answer to a list of tasks that are not of one provider, or of all. */
export const tooManyProviders: Problem = problem(
  'INVALID_ARGUMENT',
  message('com.vmware.vapi.std.errors.invalid_argument', 'All tasks must be of one provider.'),
)
