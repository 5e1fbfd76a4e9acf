/**
 * The paths of the Automation API below `/api` and `/rest`, as a tree: children in brackets, and parameters in braces
 * (OpenAPI of vSphere 7.0.3, and of 8.0.2 but for `vcenter`, in ansible-collections/vmware.vmware_rest
 * content_generation/api_specs).
 */
export const paths = `
appliance(access(consolecli dcui shell ssh) health(applmgmt database database-storage load mem settings
software-packages storage swap system(lastcheck) {item}(messages)) infraprofile(configs)
local-accounts(global-policy {username}) logging(forwarding) monitoring(query {stat}) networking(dns(domains
hostname(test) servers(test)) firewall(inbound) interfaces({interface_name}(ipv4 ipv6)) noproxy proxy({protocol}))
ntp(test) recovery(backup(job(details {id}(cancel)) parts({id}) schedules(update({schedule}) {schedule})
system-name({system_name}(archives({archive}))) validate) reconciliation(job) restore(job(cancel) validate))
services({service}(restart start stop)) shutdown(cancel poweroff reboot) support-bundle(components)
system(global-fips storage(resize) time(timezone) uptime version) timesync update(pending({version}) policy staged)
vcenter(settings(v1(config({version}) config-current))) vmon(service({service}(restart start stop)))) cis(session
tagging(category({category}) tag({tag}) tag-association({tag})) tasks({task})) content(configuration
library(item(download-session({download_session}(file)) downloadsession(file({download_session}))
file({library_item}) storage({library_item}) update-session({update_session}(file({file_name})))
updatesession(file({update_session})) {library_item}(changes({version}) file storage))
subscribed-item({library_item}) subscriptions({library}) {library}(subscriptions({subscription})))
local-library({library}) security-policies subscribed-library({library}) trusted-certificates({certificate}) type)
esx(hcl(compatibility-data(status) hosts({host}(compatibility-releases compatibility-report)) reports({report}))
hosts({host}(software(installed-components))) settings(clusters({cluster}(configuration(audit-records
drafts({draft}) reports(last-apply-result last-compliance-result last-precheck-result recent-tasks) schema)
depot-overrides enablement(configuration(transition) software) policies(apply(effective)) software(add-on base-image
commits({commit}) compliance components({component}) drafts({draft}(software(add-on base-image
components({component}) effective-components hardware-support))) effective-components hardware-support
recommendations reports(apply-impact hardware-compatibility(details storage-device-overrides(compliance-status
vcg-entries)) last-apply-result last-check-result) solutions({solution}))))
defaults(clusters(policies(apply(effective))) hosts(policies(apply(effective))))
depot-content(add-ons({name}(versions({version}))) base-images(versions({version}))
components({name}(versions({version})))) depots(offline({depot}(content)) online({depot}(content)) sync-schedule
umds(content)) hardware-support(managers({manager}(packages({pkg}(versions({version}))))))
hosts({host}(configuration depot-overrides enablement(software) policies(apply(effective)) software(add-on
base-image commits({commit}) compliance components({component}) drafts({draft}(software(add-on base-image
components({component}) effective-components))) effective-components recommendations reports(apply-impact
last-apply-result last-check-result) solutions({solution}))))) software)
hvc(links({link}(sync(providers({provider})))) management(administrators)) session stats(acq-specs({id})
counter-sets({counter_set}) counters({cid}(metadata(default {mid}))) data(dp) metrics providers
rsrc-addr-schemas({id}) rsrc-addrs({id}) rsrc-types)
vapi(metadata(authentication(component({component}(fingerprint)) package({package}) service(operation({service})
{service}(operation({operation})))) cli(command(fingerprint) namespace(fingerprint))
metamodel(component({component}(fingerprint)) enumeration({enumeration}) package({package}) resource(model
{resource}(model)) service(operation({service}({operation})) {service}(operation({operation})))
structure({structure})) privilege(component({component}(fingerprint)) package({package})
service(operation({service}) {service}(operation({operation}))))) rest(navigation(component options resource({type})
root service)) vcenter(activation({activation}))) vcenter(authentication(token)
certificate-management(vcenter(signing-certificate tls tls-csr trusted-root-chains({chain}) vmca-root))
cluster({cluster}) compute(policies(capabilities({capability}) tag-usage {policy}))
content(registries(harbor({registry}(projects({project}))) {registry}(health)))
crypto-manager(hosts({host}(kms(providers({provider})))) kms(providers({provider}))) datacenter({datacenter})
datastore({datastore}(default-policy)) deployment(history install(initial-config(remote-psc(thumbprint))
psc(replicated standalone) remote-psc) migrate(active-directory) question upgrade) folder
guest(customization-specs({name})) host({host}(connect disconnect)) identity(providers({provider}))
inventory(datastore network) iso(image({vm})) lcm(discovery(associated-products({product}) interop-report
product-catalog) reports({report}) update(pending({version}(precheck-report)))) namespace-management(capability
cluster-compatibility cluster-size-info clusters({cluster}(load-balancers({id}) networks({network})
supervisor-services({supervisor_service}) support-bundle workload-resource-options))
distributed-switch-compatibility edge-cluster-compatibility nsx-tier0-gateways software(cluster-available-versions
clusters({cluster})) stats(time-series) supervisor-services({supervisor_service}(versions({version})))
virtual-machine-classes({vm_class})) namespaces(instances({namespace}(access({domain}({subject}))))
namespace-self-service({cluster}) namespace-templates(clusters({cluster}(templates({template}) {template}))))
namespaces-user(namespaces) network ovf(export-flag import-flag library-item({ovf_library_item}))
resource-pool({resource_pool}) services({service}(restart start stop)) storage(policies(compliance(vm)
entities(compliance) {policy}(vm))) system-config(deployment-type psc-registration) tagging(associations)
tokenservice(token-exchange) topology(nodes({node}) replication-status)
trusted-infrastructure(attestation(services({service})) kms(services({service})) principal
trust-authority-clusters({cluster}(attestation(os(esx(base-images({version}))) service-status
tpm2(ca-certificates({name}) endorsement-keys({name}) settings)) consumer-principals({profile})
kms(providers({provider}(client-certificate(csr) credential peer-certs(current trusted))) service-status)))
trust-authority-hosts(attestation kms {host}(attestation kms))
trusted-clusters({cluster}(attestation(services({service}) services-applied-config) kms(services({service})
services-applied-config) services-applied-config))) vcha(cluster(active deployment-type mode passive witness)
operations) vm({vm}(compute(policies({policy})) console(tickets) guest(customization environment({name})
filesystem(directories files({path})) identity local-filesystem networking(interfaces routes) operations power
processes({pid})) hardware(action(upgrade) adapter(nvme({adapter}) sata({adapter}) scsi({adapter})) boot(device)
cdrom({cdrom}(connect disconnect)) cpu disk({disk}) ethernet({nic}(connect disconnect)) floppy({floppy}(connect
disconnect)) memory parallel({port}(connect disconnect)) serial({port}(connect disconnect))) library-item
power(reset start stop suspend) storage(policy(compliance)) tools(installer)))
vm-template(library-items({template_library_item}(check-outs({vm}) versions({version})))))
`

/** The operations that a query names as `action` under `/api`, or as `~action` under `/rest` (the same source). */
export const actions = `
activate activateWithTemplate add add-to-used-by answer apply apply-desired-state attach
attach-multiple-tags-to-object attach-tag-to-multiple-objects cancel change check check-compatibility
check-desired-state check-in check-out checkCompliance checkContent checkEligibility clone commit complete connect
copy create createFromHost createTemporary deactivate delete deploy detach detach-multiple-tags-from-object
detach-tag-from-multiple-objects disable disconnect download enable evict export exportConfig exportSchema extract
fail failover filter find fingerprint flush generate get import import-from-imgdb import-software-spec importConfig
importFromFile importFromHost install instant-clone keep-alive list list-attachable-tags list-attached-objects
list-attached-objects-on-tags list-attached-tags list-attached-tags-on-objects list-tags-for-category
list-used-categories list-used-tags mount move pause poweroff precheck prepare probe publish purge query reboot
redeploy refresh register relocate remove remove-from-used-by renew replace-vmca-signed repoint reset resize
resize-ex restart resume revoke-propagating-permissions rollback rotate_password run scan scan-desired-state
showChanges shutdown stage stage-and-install standby start stop suspend sync test undeploy unmount unregister update
upgrade upgradeMultiple validate validateConfig
`
