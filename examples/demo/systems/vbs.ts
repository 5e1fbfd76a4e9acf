import { type SimulatedCloud, startCloud } from '../environments/openstack.ts'
import { backupJob } from '../scenarios/vbs/backup-job.ts'
import { lostReply } from '../scenarios/vbs/lost-reply.ts'
import { throttled } from '../scenarios/vbs/throttled.ts'
import { defineSystem } from '../system.ts'

export const vbs = defineSystem<SimulatedCloud>({
  name: 'vbs',
  title: 'a Volume Backup Service and its Keystone',
  scenarios: [lostReply, backupJob, throttled],
  open: () => startCloud('vbs'),
})
