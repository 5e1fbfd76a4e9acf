/** The entry for long work in Nova, Cinder, Glance and Octavia, and for states of their objects to wait for. */
export { openstackWork } from './openstack-work.ts'
export {
  backupAvailable,
  backupDeleted,
  imageActive,
  loadBalancerActive,
  loadBalancerDeleted,
  serverActive,
  serverDeleted,
  serverStopped,
  snapshotAvailable,
  snapshotDeleted,
  volumeAvailable,
  volumeDeleted,
  volumeInUse,
} from './states.ts'
