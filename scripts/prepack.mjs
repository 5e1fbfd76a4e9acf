/**
 * Ends with 1 where a package must not be packed: by anybody but pnpm, who alone writes out what the manifest says for the
 * repository only, or without a build of its present sources. Plain JavaScript, so that an old Node.js can be told, too.
 *
 *   node ../../scripts/prepack.mjs
 */
const { npm_config_user_agent: agent = '' } = process.env
const run = 'Run: npx -y -p node@24 -p pnpm@12 pnpm pack'

async function complaint() {
  if (!agent.startsWith('pnpm/'))
    return `Only pnpm packs what can be installed: others leave \`workspace:\`, \`catalog:\` and the sources in the manifest. ${run}`
  if (!process.features.typescript) return `Packing needs Node.js 22.18 or later, this is ${process.version}. ${run}`
  const { unbuilt } = await import('./built.ts')
  const missing = unbuilt('.')
  if (missing.length > 0) return `Not built since the sources were changed: ${missing.join(', ')}. Run: pnpm build`
  return undefined
}

const wrong = await complaint()
if (wrong !== undefined) {
  console.error(wrong)
  process.exitCode = 1
}
