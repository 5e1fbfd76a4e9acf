import { type RequestFacts, secretsInBody } from '@holdfast/core/plugin'
import { isRpc } from './requests.ts'

/** Operations whose bodies contain secrets under names that do not say so. */
interface Place {
  readonly path: RegExp
  /** Members in which every string is a secret. */
  readonly members: RegExp
  /** The structure of the vSphere Automation API that says so. */
  readonly source: string
}

// Members of type `secret` in the API's bindings (a fork of the Go bindings, zhengxiexie/vsphere-automation-sdk-go), but for `key`, bear names that say
// so: `password` and those that end so, `credential`, `private_key`, `client_secret`.
const places: readonly Place[] = [
  {
    path: /\/vm\/[^/]+\/guest\/processes$/,
    members: /^(?:arguments|environment)$/,
    source: 'vcenter.vm.guest.processes.create_spec',
  },
  {
    // A customization can be the body itself, or part of a clone or a deployment.
    path: /\/vcenter\//,
    members: /^(?:sysprep_xml|script_text|userdata|gui_run_once_commands)$/,
    source:
      'vcenter.guest.windows_configuration, windows_sysprep, linux_configuration, cloudinit_configuration: scripts and answer files',
  },
  {
    path: /\/certificate-management\/vcenter\/tls$/,
    members: /^key$/,
    source: 'vcenter.certificate_management.vcenter.tls.spec',
  },
  {
    path: /\/crypto-manager\/kms\/providers$/,
    members: /^config$/,
    source: 'vcenter.crypto_manager.kms.providers.import_spec: an exported key provider',
  },
  {
    path: /\/monitoring\/snmp(?:\/hash)?$/,
    members: /^(?:auth|priv)_hash$/,
    source: 'appliance.techpreview.monitoring.snmp.hash_config: the secrets of which hashes are made',
  },
  {
    path: /\/appliance\/update\//,
    members: /^user_data$/,
    source: 'appliance.update.pending.install: answers to the questions of an update, passwords among them',
  },
  {
    path: /\/(?:token|token-exchange)$/,
    members: /^code$/,
    source: 'RFC 6749, section 4.1.3: the code of a grant buys a token',
  },
]

/**
 * Every secret in the body of a request: the password or token of a guest operation, of a host, a library, an identity provider, a
 * backup's location or an account of the appliance; scripts and answer files of a customization; the key of a certificate; and
 * whatever else has a secret's name, or is a password in a URL.
 */
export function secretsIn(request: RequestFacts): readonly string[] {
  const { bodyText, path } = request
  if (bodyText === undefined || bodyText === '') return []
  const isAnyPlace = isRpc(request)
  const members = places.filter((place) => isAnyPlace || place.path.test(path)).map((place) => place.members.source)
  return secretsInBody(bodyText, members.length === 0 ? undefined : new RegExp(members.join('|')))
}
