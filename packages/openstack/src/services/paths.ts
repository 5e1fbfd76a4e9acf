/** The paths after the version of each service, as trees of `pathTemplates` (OpenStack API references). */
const compute = `
servers(detail {server}(action remote-consoles diagnostics ips({label}) metadata({key}) tags({tag}) topology shares({share})
  os-interface({port}) os-volume_attachments({volume}) os-instance-actions({request}) os-security-groups
  migrations({migration}(action)) os-server-password os-virtual-interfaces))
flavors(detail {flavor}(action os-flavor-access os-extra_specs({key}))) os-keypairs({keypair})
os-hypervisors(detail statistics {hypervisor}(uptime servers search)) os-aggregates({aggregate}(action metadata images))
os-availability-zone(detail) os-services({service}) os-server-groups({group}) os-server-external-events os-migrations
os-quota-sets({target}(defaults detail)) os-quota-class-sets({class}) os-simple-tenant-usage({target}) limits
os-instance_usage_audit_log({time}) os-assisted-volume-snapshots({snapshot}) os-console-auth-tokens({console})`

const volume = `
volumes(detail summary {volume}(action metadata({key}) encryption({key}))) snapshots(detail {snapshot}(action metadata({key})))
backups(detail import_record {backup}(action export_record restore)) attachments(detail summary {attachment}(action))
types({type}(action extra_specs({key}) encryption({key}) os-volume-type-access)) volume-transfers(detail {transfer}(accept))
os-volume-transfer(detail {transfer}(accept)) groups(detail action {group}(action)) group_snapshots(detail {snapshot}(action))
group_types({type}(group_specs({key}))) consistencygroups(detail {group}(action delete update)) qos-specs({spec}(associations))
cgsnapshots(detail {snapshot}) messages({message}) clusters(detail {cluster}) workers(cleanup) scheduler-stats(get_pools)
manageable_volumes(detail) manageable_snapshots(detail) capabilities({host}) default-types({target}) os-hosts({host})
resource_filters extensions`

const network = `
networks({network}(dhcp-agents tags({tag}))) subnets({subnet}(tags({tag}))) subnetpools({subnetpool}(add_prefixes
  remove_prefixes onboard_network_subnets tags({tag}))) ports({port}(bindings({host}(activate)) add_allowed_address_pairs
  remove_allowed_address_pairs tags({tag}))) routers({router}(add_router_interface remove_router_interface add_extraroutes
  remove_extraroutes add_external_gateways update_external_gateways remove_external_gateways l3-agents tags({tag})
  conntrack_helpers({helper}))) floatingips({floatingip}(port_forwardings({forwarding}) tags({tag})))
security-groups({group}(tags({tag}))) security-group-rules({rule}) default-security-group-rules({rule})
address-groups({group}(add_addresses remove_addresses)) address-scopes({scope}) agents({agent}(dhcp-networks l3-routers))
rbac-policies({policy}) quotas({target}(default details.json)) segments({segment}) network_segment_ranges({range})
trunks({trunk}(add_subports remove_subports get_subports)) network-ip-availabilities({network}) flavors({flavor})
qos(policies({policy}(bandwidth_limit_rules({rule}) dscp_marking_rules({rule}) minimum_bandwidth_rules({rule})
  minimum_packet_rate_rules({rule}) packet_rate_limit_rules({rule}))) rule-types({type})) availability_zones
metering(metering-labels({label}) metering-label-rules({rule})) log(logs({log}) loggable-resources)
lbaas(loadbalancers({loadbalancer}) listeners({listener}) pools({pool}(members({member})))) service-providers
extensions({extension})`

const image = `
images({image}(file stage import actions(deactivate reactivate) members({member}) tags({tag}) locations tasks))
schemas({schema}) tasks({task}) stores({store}({image})) info(import stores(detail) usage) cache({image})
metadefs(namespaces({namespace}(objects({object}) properties({property}) resource_types({type}) tags({tag}))) resource_types)`

const identity = `
users({user}(access_rules({access_rule}) credentials(OS-EC2({credential})) tags))
projects({project}(users({user}(roles({role}))) groups({group}(roles({role}))) tags({tag})))
domains({domain}(users({user}(roles({role}))) groups({group}(roles({role}))) config({group}({option}))))
system(users({user}(roles({role}))) groups({group}(roles({role})))) roles({role}(implies({role}))) role_assignments
role_inferences credentials({credential}) policies({policy}) limits({limit}) registered_limits({limit}) ec2tokens s3tokens
OS-TRUST(trusts({trust}(roles({role})))) OS-OAUTH2(token) OS-FEDERATION(identity_providers({provider}(protocols({protocol})))
  mappings({mapping}) projects domains) OS-EP-FILTER(projects({project}(endpoints({endpoint}))))
OS-INHERIT(projects({project}(users({user}(roles({role}(inherited_to_projects))))))) OS-REVOKE(events)`

/** Paths right after the version. */
export const unscopedPaths = `${identity} ${network} ${image} ${compute} ${volume}`

/** Paths after version and project. */
export const paths = `${compute} ${volume}`
