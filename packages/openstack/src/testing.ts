export { type Exchange, errorOf, exchangeWith, loginBody, tokenOf, userProject } from './testing/cloud-user.ts'
export { replyTo, requestFacts } from './testing/reply.ts'
export { identityUrl, type ScriptedIdentity, scriptedIdentity } from './testing/scripted-identity.ts'
export {
  breaks,
  type ScriptedAnswer,
  type ScriptedService,
  type SeenRequest,
  says,
  scriptedService,
  settled,
} from './testing/scripted-service.ts'
export { secretRepliesAt, secretRequestsAt } from './testing/secret-requests.ts'

export { emptySource, wrongServiceOptions } from './testing/service-options.ts'
export { failed, json, type OpenStackReply, sharedWire, type WriteFault } from './testing/shared-wire.ts'
export { type OpenstackShape, wire } from './testing/wire.ts'
