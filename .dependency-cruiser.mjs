import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

// The direction of every import, type imports included. `pnpm layers` proves it.
//
//   contract, secrets <- error <- stages <- state <- call <- act <- loop <- resilient <- ky, index
//   loop, resilient <- work/
//   stages: options, request, admit, attempt, http <- classify, decide, session, endpoints
//   core/plugin <- vendors;  core/plugin <- openstack <- keystone, csbs, vbs;  core <- testing
//   vendors, core <- cli
//   testing/simulator-kit <- simulators;  openstack/simulator <- simulators of keystone, csbs, vbs

const core = '^packages/core/src'
/** Any package but core, testing and the command; `$1` is its name. */
const vendor = '^packages/(?!core/|testing/|cli/)([^/]+)'
/** A client of a vendor's own, an entry beside the plug-in, stands on the engine. */
const client = '^packages/([^/]+)/src/client[.]ts$'
/** A vendor's simulator, an entry beside the plug-in, stands on neither. */
const simulator = '^packages/[^/]+/src/simulator/'
/** What stands on what OpenStack services share. */
const onOpenstack = '^packages/(keystone|csbs|vbs)'
/** The folders of core in which stages meet, from the ground up. */
const floors = ['state', 'call', 'act', 'loop']
/** Long work: it stands on the whole engine, beside the client, and only its own entry leads to it. */
const work = `${core}/work/`
const plugin = `${core}/plugin[.]ts$`
/** The source files that packages export or run. */
const entries = globSync('packages/*/package.json').flatMap((path) => {
  const { exports, bin } = JSON.parse(readFileSync(path, 'utf8'))
  return Object.values({ ...exports, ...bin }).map((source) => `^${join(dirname(path), source)}$`)
})

/** @param {string} name @param {string} comment @param {object} from @param {object} to */
const never = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    // Inside core.
    never(
      'contract-is-a-leaf',
      'The contract imports nothing but its own files: every plugin stands on it.',
      { path: `${core}/contract/` },
      { pathNot: `${core}/contract/` },
    ),
    never(
      'plugin-is-the-contract',
      'What vendors import is the contract, the checks of options, the names of secrets, and `defineVendor` with what a vendor brings.',
      { path: plugin },
      {
        pathNot: `${core}/(contract/|(define-vendor|json|sent-request)[.]ts$|secrets/named-secrets[.]ts$|error/(options-error|shown-value)[.]ts$|options/(check|vendor-options)[.]ts$)`,
      },
    ),
    never(
      'secrets-is-a-leaf',
      'What is a secret, and how a text looks without it, depends on nothing of a call.',
      { path: `${core}/secrets/` },
      { pathNot: `${core}/secrets/` },
    ),
    never(
      'error-below-the-stages',
      'Errors are below every stage.',
      { path: `${core}/error/` },
      { path: '^packages/', pathNot: `${core}/(contract|secrets|error)/` },
    ),
    never(
      'stages-never-meet',
      'A stage knows the contract, secrets, the errors and itself; only classify stands on another, the built-in vendor.',
      { path: `${core}/(?!contract/|secrets/|error/|classify/|work/|ky/|${floors.join('/|')}/)([^/]+)/` },
      { path: '^packages/', pathNot: [`${core}/$1/`, `${core}/(contract|secrets|error)/`] },
    ),
    never(
      'classify-on-http',
      'The built-in vendor is the one that classify asks last.',
      { path: `${core}/classify/` },
      { path: '^packages/', pathNot: [`${core}/(contract|secrets|error|classify|http)/`] },
    ),
    ...floors.map((floor, height) =>
      never(
        `${floor}-below-${floors[height + 1] ?? 'the-entries'}`,
        'State is kept for calls, a call is acted upon, the loop runs them all: never the other way.',
        { path: `${core}/${floor}/` },
        { path: `${core}/(${[...floors.slice(height + 1), '[^/]+[.]ts$'].join('|')})` },
      ),
    ),
    never(
      'whole-call-in-act-and-loop',
      'Everybody else is given the parts of a call that he needs, and can be read and tested without one.',
      { path: `${core}/`, pathNot: `${core}/(act/|loop/|given-request[.]ts$)` },
      { path: `${core}/call/call[.]ts$` },
    ),
    never(
      'work-behind-its-entry',
      'Who does not wait for long work does not load it; the client of XenAPI does, in an entry of its own.',
      { path: '^packages/[^/]+/src/', pathNot: [work, '^packages/xenapi/src/(client|call)[^/]*[.]ts$'] },
      { path: work },
    ),
    never(
      'p-map-in-work',
      'Only long work goes through many items.',
      { path: '^packages/[^/]+/src/', pathNot: work },
      { path: '(^|/)node_modules/p-map/' },
    ),
    never(
      'entries-on-top',
      'Nothing inside a package stands on its entry points; the bundler would give their types names that nobody wrote.',
      { path: '^packages/([^/]+)/src/' },
      { path: entries, pathNot: '^packages/(?!$1/)' },
    ),
    never(
      'opossum-behind-its-port',
      'Only admit knows which library holds the circuit.',
      { path: '^packages/[^/]+/src/', pathNot: `${core}/admit/` },
      { path: '(^|/)node_modules/(@types/)?opossum/' },
    ),
    never(
      'p-retry-in-the-loop',
      'Only the loop knows which library repeats a step.',
      { path: '^packages/[^/]+/src/', pathNot: `${core}/loop/` },
      { path: '(^|/)node_modules/p-retry/' },
    ),
    never(
      'ky-in-its-adapter',
      'Who does not use ky does not need it.',
      { path: '^packages/[^/]+/src/', pathNot: `${core}/ky(/|[.]ts$)` },
      { path: '(^|/)node_modules/ky/' },
    ),

    // Between packages.
    never(
      'core-knows-nobody',
      'Core, its tests included, stands on itself: nothing points back.',
      { path: '^packages/core/' },
      { path: '^packages/', pathNot: '^packages/core/' },
    ),
    never(
      'vendor-on-plugin-only',
      'A vendor is data, parse and auth: it needs the contract and nothing of the engine.',
      { path: `${vendor}/src/`, pathNot: [onOpenstack, client, simulator] },
      { path: '^packages/', pathNot: ['^packages/$1/', plugin] },
    ),
    never(
      'client-on-core',
      'A client is made of a vendor and the engine, and of nobody else.',
      { path: client },
      {
        path: '^packages/',
        pathNot: [
          '^packages/$1/',
          `${core}/(index|plugin|work/index)[.]ts$`,
          // That of the identity service makes clients of the services in its catalogue.
          '^packages/openstack/src/index[.]ts$',
        ],
      },
    ),
    never(
      'client-beside-the-plugin',
      'Who wants the plug-in alone does not load the engine with it.',
      { path: `${vendor}/src/`, pathNot: client },
      { path: client },
    ),
    never(
      'simulator-on-the-kit-only',
      'A simulator and the parser that reads it never share code, so neither proves the mistake of the other.',
      { path: '^packages/([^/]+)/src/simulator/' },
      {
        path: '^packages/',
        pathNot: [
          '^packages/$1/src/simulator/',
          '^packages/testing/src/simulator-kit[.]ts$',
          '^packages/openstack/src/simulator/index[.]ts$',
        ],
      },
    ),
    never(
      'nothing-on-a-simulator',
      'Nor does the parser look at the simulator, and nobody who wants the vendor alone loads it.',
      { path: '^packages/[^/]+/src/', pathNot: simulator },
      { path: simulator },
    ),
    never(
      'openstack-vendor-on-plugin-and-openstack',
      'What these vendors share is a package of its own; tokens come from any source, so only tests need `keystone`.',
      { path: `${onOpenstack}/src/`, pathNot: [simulator, client] },
      { path: '^packages/', pathNot: ['^packages/$1/', plugin, '^packages/openstack/src/(index|testing)[.]ts$'] },
    ),
    never(
      'vendor-never-meets-vendor',
      'In its tests as little as in its source.',
      { path: `${vendor}/`, pathNot: onOpenstack },
      { path: `${vendor}/`, pathNot: '^packages/$1/' },
    ),
    never(
      'openstack-vendor-never-meets-vendor',
      'In its tests as little as in its source.',
      { path: `${onOpenstack}/` },
      { path: `${vendor}/`, pathNot: ['^packages/$1/', '^packages/(openstack|keystone)/'] },
    ),
    never(
      'testing-on-core-only',
      'The mocks and the conformance suite are the same for every vendor, so they know none; nor do their tests.',
      { path: '^packages/testing/' },
      { path: '^packages/', pathNot: ['^packages/testing/', '^packages/core/'] },
    ),
    never(
      'nothing-on-the-command',
      'The command stands on every vendor, and nobody on it.',
      { path: '^packages/(?!cli/)' },
      { path: '^packages/cli/' },
    ),
    never(
      'packages-meet-by-name',
      'A path into another package goes round its exports. Not all that is fuzzed is exported; commands read their arguments, and tests start real servers, in one way.',
      { path: '^(packages/[^/]+|[^/]+)/', pathNot: '^scripts/fuzz/(facts[.]ts$|targets/)' },
      { dependencyTypes: ['local'], pathNot: '^$1/|^scripts/(command-line|real-servers)[.]ts$' },
    ),

    // Everywhere.
    never('no-cycles', 'Type imports count.', {}, { circular: true }),
    never(
      'no-unreachable-source',
      'What no entry point leads to is dead.',
      { path: entries },
      { path: '^packages/[^/]+/src/', pathNot: entries, reachable: false },
    ),
    never(
      'src-on-declared-dependencies',
      'A package brings everything that its source imports.',
      { path: '^packages/[^/]+/src/|^(examples|benchmarks)/', pathNot: '[.]test[.]ts$' },
      {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'npm-bundled', 'npm-optional', 'unknown'],
        dependencyTypesNot: ['npm-peer'],
      },
    ),
    never(
      'runs-anywhere',
      'Core and vendors run wherever fetch does; what needs Node.js is an entry or a package of its own.',
      { path: '^packages/[^/]+/src/', pathNot: ['^packages/(testing|undici|cli)/', '/src/node[.]ts$', simulator] },
      { dependencyTypes: ['core'] },
    ),
    never(
      'no-drawers',
      'A file is named after its one job.',
      {},
      { path: '/(utils?|helpers?|common|misc|shared)(/|[.]ts$)', pathNot: ['node_modules', '^packages/[^/]+/test/'] },
    ),
    never(
      'everything-resolves',
      'An import that leads nowhere hides from every other rule.',
      {},
      { couldNotResolve: true },
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'import', 'node', 'default'] },
  },
}
