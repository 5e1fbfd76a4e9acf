const ofServers = `os-start os-stop reboot pause unpause suspend resume lock unlock shelve shelveOffload unshelve rescue unrescue
rebuild resize confirmResize revertResize createImage createBackup migrate os-migrateLive evacuate forceDelete restore
os-resetState changePassword addSecurityGroup removeSecurityGroup addFixedIp removeFixedIp addFloatingIp removeFloatingIp
os-getConsoleOutput os-getVNCConsole os-getSPICEConsole os-getRDPConsole os-getSerialConsole trigger_crash_dump
injectNetworkInfo resetNetwork`

const ofVolumes = `os-attach os-detach os-reserve os-unreserve os-begin_detaching os-roll_detaching os-initialize_connection
os-terminate_connection os-extend os-extend_volume_completion os-reset_status os-force_delete os-force_detach
os-migrate_volume os-migrate_volume_completion os-retype os-set_bootable os-update_readonly_flag os-volume_upload_image
os-set_image_metadata os-unset_image_metadata os-show_image_metadata os-reimage os-unmanage revert`

/** The actions of servers and volumes (Compute API v2.1, Block Storage API v3: actions), whose names are in bodies. */
export const actions: ReadonlySet<string> = new Set(`${ofServers} ${ofVolumes}`.split(/\s+/))
