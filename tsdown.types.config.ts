import { defineConfig } from 'tsdown'
import { packagesWith } from './tsdown.config.ts'

// After the code: both checkers look into the packed tarball, so at `publishConfig.exports`.
export default defineConfig(
  packagesWith(() => ({
    clean: false,
    dts: { emitDtsOnly: true },
    // Clients can be used with `await using`, and ES2024, which a browser's project has, does not know its symbols.
    banner: { dts: '/// <reference lib="esnext.disposable" />' },
    publint: { level: 'suggestion', strict: true },
    attw: { profile: 'esm-only', level: 'error' },
  })),
)
