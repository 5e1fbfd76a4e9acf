import type { Target } from '../target.ts'
import { credentialsTarget } from './credentials.ts'
import { loginTarget } from './logins.ts'
import { openstackTargets } from './openstack.ts'
import { optionsTarget } from './options.ts'
import { rateLimitTarget } from './rate-limit.ts'
import { readTarget } from './read.ts'
import { redactionTarget } from './redaction.ts'
import { redirectTargets } from './redirect.ts'
import { transcriptTarget } from './transcript.ts'
import { transportTarget } from './transport.ts'
import { vendorTargets } from './vendors.ts'
import { workTargets } from './work.ts'
import { xenapiTargets } from './xenapi.ts'

/** Every reader and parser of what comes from outside. */
export const targets: readonly Target[] = [
  ...xenapiTargets,
  ...vendorTargets,
  ...workTargets,
  loginTarget,
  ...openstackTargets,
  redactionTarget,
  credentialsTarget,
  readTarget,
  rateLimitTarget,
  ...redirectTargets,
  transportTarget,
  optionsTarget,
  transcriptTarget,
]
