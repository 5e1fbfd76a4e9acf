/**
 * Writes into every public manifest where its source is. The release does it, because only there is the address known.
 *
 *   node scripts/set-repository.ts https://host.example/owner/name
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { publicPackages, root } from './tarballs/packages.ts'

/** The members of a manifest that say where a package's source, pages and bugs are. */
const placesAt = (url: string, folder: string) => ({
  repository: { type: 'git', url: `git+${url}.git`, directory: folder },
  homepage: `${url}/tree/main/${folder}#readme`,
  bugs: `${url}/issues`,
})

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [, , url = ''] = process.argv
  if (!/^https:\/\/[^/]+\/[^/]+\/[^/]+$/.test(url)) {
    console.error('Usage: node scripts/set-repository.ts https://HOST/OWNER/NAME')
    process.exit(2)
  }
  for (const { folder } of publicPackages()) {
    const path = join(root, folder, 'package.json')
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as object
    writeFileSync(path, `${JSON.stringify({ ...manifest, ...placesAt(url, folder) }, undefined, 2)}\n`)
  }
}
