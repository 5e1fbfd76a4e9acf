/**
 * First path segments of XAPI's HTTP handlers, which receive and send raw bodies (`http_actions` of XAPI). The value is true
 * for a handler that may fail after its `200`, because it sends that before it begins to stream.
 */
const handlers: ReadonlyMap<string, boolean> = new Map([
  ['audit_log', true],
  ['blob', true],
  ['bundle', true],
  ['cli', false],
  ['console', false],
  ['export', true],
  ['export_metadata', true],
  ['export_raw_vdi', true],
  ['host_backup', true],
  ['host_logs_download', true],
  ['host_restore', true],
  ['host_rrd', false],
  ['host_rrds', false],
  ['host_updates', true],
  ['import', true],
  ['import_metadata', true],
  ['import_raw_vdi', true],
  ['messages', true],
  ['migrate', false],
  ['oem_patch_stream', true],
  ['pool', true],
  ['pool_patch_download', true],
  ['pool_patch_upload', true],
  ['remote_db_access', false],
  ['remote_db_access_v2', false],
  ['remotecmd', false],
  ['repository', true],
  ['rrd', false],
  ['rrd_updates', false],
  ['rss', false],
  ['services', false],
  ['sr_rrd', false],
  ['sync_config_files', true],
  ['system-status', true],
  ['update', true],
  ['updates', true],
  ['vm_rrd', false],
  ['vm_rrds', false],
  ['vncsnapshot', true],
  ['wlb_diagnostics', true],
  ['wlb_report', true],
])

/** The first path segment of every handler. */
export const handlerNames: readonly string[] = [...handlers.keys()]

const firstOf = (path: string): string => path.split('/', 2)[1] ?? ''

/** True for the path of a handler, which accepts no calls. */
export const isHandler = (path: string): boolean => handlers.has(firstOf(path))

/** True for the path of a handler that may fail after its `200`; it takes as long as its stream does. */
export const streams = (path: string): boolean => handlers.get(firstOf(path)) === true

/** True for the path of a console: it is opened by a GET, but input to it changes something. */
export const isConsole = (path: string): boolean => firstOf(path) === 'console'
