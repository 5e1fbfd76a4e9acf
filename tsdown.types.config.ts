import { defineConfig } from 'tsdown'
import { packagesWith } from './tsdown.config.ts'

// After the code: both checkers look into the packed tarball, so at `publishConfig.exports`.
export default defineConfig(
  packagesWith(() => ({
    clean: false,
    dts: { emitDtsOnly: true },
    publint: { level: 'suggestion', strict: true },
    attw: { profile: 'esm-only', level: 'error' },
  })),
)
