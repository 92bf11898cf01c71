import { fuses } from './fuses.ts'
import { desktopName } from './lay-out.ts'

const lower = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1)

/** electron-builder's own table of fuses ends before this one, which Electron delivers on as we want it; it refuses names it lacks. */
const unknown = 'WasmTrapHandlers'

/**
 * For electron-builder: AppImage, Windows and macOS (packaging/README.md). NOT TESTED: its tools come from a server of their own,
 * and the two systems were not at hand. Debian's package is made without it (main.ts).
 */
export default {
  appId: 'org.concord.workstation',
  productName: 'Concord',
  directories: { output: 'out/package' },
  // Where updates come from is the department's affair (docs/updates.md): nothing is published, nothing is looked for.
  publish: null,
  npmRebuild: false,
  extraMetadata: { desktopName },
  asar: true,
  asarUnpack: ['node_modules/**', 'dist/parts/**'],
  files: [
    'dist/**',
    'package.json',
    '!**/*.map',
    '!**/*.d.ts',
    '!**/{test,tests,__tests__}/**',
    '!**/*_test.js',
    '!**/.built-from',
    '!node_modules/better-sqlite3/{deps,src}/**',
    '!node_modules/core-js/**',
  ],
  electronLanguages: ['en-US', 'en-GB', 'de'],
  electronFuses: Object.fromEntries(
    Object.entries(fuses)
      .filter(([name]) => name !== unknown)
      .map(([name, on]) => [lower(name), on]),
  ),
  linux: { target: ['AppImage'], category: 'Science', icon: 'packaging/icons', syncDesktopName: true },
  win: { target: [{ target: 'nsis', arch: ['x64'] }], icon: 'packaging/icons/1024x1024.png' },
  nsis: { oneClick: false, perMachine: true, deleteAppDataOnUninstall: false },
  mac: {
    target: [{ target: 'dmg', arch: ['x64', 'arm64'] }],
    category: 'public.app-category.medical',
    icon: 'packaging/icons/1024x1024.png',
    hardenedRuntime: true,
  },
}
