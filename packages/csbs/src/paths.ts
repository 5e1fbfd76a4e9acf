/** The paths of the service after version and project (opentelekomcloud-docs/cloud-server-backup-service api-ref). */
export const paths = `
providers({provider}(resources(action {server}(action)) checkpoints({checkpoint})))
checkpoint_items(count {checkpoint_item}) policies({policy}) restores quotas
csbs_backup(tags resource_instances(action) {backup}(tags(action {key})))
csbs_backup_policy(tags resource_instances(action) {policy}(tags(action {key})))
`
