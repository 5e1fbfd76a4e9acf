import { defineConfig } from 'tsdown'
import { inAscii } from './scripts/build/in-ascii.ts'
import { packCatalogues } from './scripts/build/pack-catalogues.ts'
import { packagesWith } from './tsdown.config.ts'

// The same once more for Node.js, as few files: it opens and compiles each by itself when a program starts.
export default defineConfig(
  packagesWith(() => ({
    clean: false,
    outDir: 'dist/node',
    dts: false,
    outputOptions: { comments: false },
    plugins: [packCatalogues({ writesTexts: false }), inAscii()],
  })),
)
