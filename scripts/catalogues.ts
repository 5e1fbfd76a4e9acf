import { catalogue as bearer } from '@holdfast/bearer'
import { http } from '@holdfast/core'
import type { Catalogue } from '@holdfast/core/plugin'
import { catalogue as csbs } from '@holdfast/csbs'
import { catalogue as openstack } from '@holdfast/openstack'
import { catalogue as vbs } from '@holdfast/vbs'
import { catalogue as vsphere } from '@holdfast/vsphere'
import { catalogue as xenapi } from '@holdfast/xenapi'

/** Every catalogue of this repository. */
export const catalogues: readonly Catalogue[] = [http.catalogue, vsphere, xenapi, openstack, csbs, vbs, bearer]
