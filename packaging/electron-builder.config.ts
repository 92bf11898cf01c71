import { fuses } from './fuses.ts'

const lower = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1)

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
  electronFuses: Object.fromEntries(Object.entries(fuses).map(([name, on]) => [lower(name), on])),
  linux: { target: ['AppImage'], category: 'Science', icon: 'packaging/debian/concord.svg' },
  win: { target: [{ target: 'nsis', arch: ['x64'] }] },
  nsis: { oneClick: false, perMachine: true, deleteAppDataOnUninstall: false },
  mac: {
    target: [{ target: 'dmg', arch: ['x64', 'arm64'] }],
    category: 'public.app-category.medical',
    hardenedRuntime: true,
  },
}
