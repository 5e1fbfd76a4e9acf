import * as csbs from '@holdfast/csbs/work'
import * as openstack from '@holdfast/openstack/work'
import * as vbs from '@holdfast/vbs/work'
import * as vsphere from '@holdfast/vsphere/work'
import * as xenapi from '@holdfast/xenapi/work'
import { describe, expect, it } from 'vitest'

type State = (id: string) => unknown

const project = 'https://cloud.example/v3/p-1'
const ofBackups = ({ backupAvailable, backupDeleted }: typeof csbs | typeof vbs): State[] =>
  [backupAvailable, backupDeleted].flatMap((state) => [
    (id: string) => state(id, 'p-1'),
    (id: string) => state('b-1', id),
  ])

const { deleted, poweredOff, poweredOn, suspended, toolsRunning } = vsphere
const { imageActive, loadBalancerActive, loadBalancerDeleted, serverActive, serverDeleted } = openstack
const { volumeAvailable, volumeDeleted } = openstack

const states: Readonly<Record<string, readonly State[]>> = {
  csbs: ofBackups(csbs),
  vbs: ofBackups(vbs),
  vsphere: [deleted, poweredOff, poweredOn, suspended, toolsRunning],
  xenapi: [xenapi.deleted, xenapi.hostEnabled, xenapi.poweredOff, xenapi.poweredOn, xenapi.suspended],
  openstack: [
    ...[imageActive, loadBalancerActive, loadBalancerDeleted, serverActive, serverDeleted],
    ...[volumeAvailable, volumeDeleted],
  ].map((state) => (id: string) => state(id, project)),
}

// What has no identifier is not there, and would count as deleted.
describe.each(['', undefined, null, 7, { id: 'x' }])('the state of %j', (id) => {
  for (const [vendor, all] of Object.entries(states))
    it.each(all)(`is refused before a request is sent: ${vendor}, %#`, (state) => {
      expect(() => state(id as string)).toThrow(/^An identifier must be a text that is not empty, got /)
    })
})
