/** The paths of the service after version and project (opentelekomcloud-docs/volume-backup-service api-ref), and Cinder's. */
export const paths = `
cloudbackups(quota {backup}(restore)) jobs({job})
backuppolicy(tags resource_instances(action) {policy}(action backuptasks tags(action {key})))
backuppolicyresources({policy}(deleted_resources))
backups(detail import_record {backup}(action export_record restore))
os-vendor-backup-sharing(count detail {sharing})
volumes(detail summary {volume}(action metadata({key}))) snapshots(detail {snapshot}(action metadata({key})))
os-quota-sets({target}(defaults)) limits types({type}) attachments(detail {attachment}(action))
`
