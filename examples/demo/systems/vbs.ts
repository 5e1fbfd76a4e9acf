import { backupJob } from '../scenes/vbs/backup-job.ts'
import { lostReply } from '../scenes/vbs/lost-reply.ts'
import { throttled } from '../scenes/vbs/throttled.ts'
import { defineSystem } from '../system.ts'
import { type EmbeddedCloud, embeddedCloud } from '../worlds/openstack.ts'

export const vbs = defineSystem<EmbeddedCloud>({
  name: 'vbs',
  title: 'a Volume Backup Service and its Keystone',
  scenes: [lostReply, backupJob, throttled],
  open: () => embeddedCloud('vbs'),
})
