// Who may import whom: the one table behind the rule in layering.js. README.md draws it.
//
// `path`: a folder (with a slash at its end, perhaps narrowed by `suffix`) or a file; the longest that fits a file
// decides its layer, of two as long the first.
// `may`: layers whose values and types it may import, its own included without saying. `types`: layers of which it may
// import types only. `why`: ends the message.

const readable = ['contract', 'wiring']
const parts = [
  ...[
    'services',
    'jobs',
    'store',
    'dicomweb',
    'imaging',
    'learning',
    'phantom',
    'statistics',
    'files',
    'domain',
    'entries',
    'compiler',
    'migrations',
  ],
  'manifest',
]

export const layers = {
  // The page: whatever it wants of the program it asks of the api, and knows no more than the contract says.
  pages: {
    path: 'src/renderer/',
    suffix: '.vue',
    may: ['page helpers', 'stores', 'api', 'contract'],
    types: ['wiring'],
    why: 'the page reaches the program through its stores and the api alone',
  },
  'page helpers': {
    path: 'src/renderer/',
    may: ['pages', 'stores', 'api', 'contract'],
    types: ['wiring'],
    why: 'the page reaches the program through its stores and the api alone',
  },
  stores: {
    path: 'src/renderer/stores/',
    may: ['page helpers', 'api', 'contract'],
    types: ['wiring'],
    why: 'a store knows the api and no page',
  },
  api: { path: 'src/renderer/api.ts', may: [], types: readable, why: 'the api is the bridge made callable' },

  // The border.
  contract: {
    path: 'src/preload/contract/',
    may: ['wiring'],
    types: [],
    why: 'the contract is schemas and nothing else',
  },
  wiring: {
    path: 'src/preload/contract/index.ts',
    may: ['contract'],
    types: [],
    why: 'the contract is schemas and nothing else',
  },
  'route type': {
    path: 'src/preload/contract/route.ts',
    layer: 'wiring',
    may: [],
    types: [],
    why: 'the contract is schemas and nothing else',
  },
  preload: { path: 'src/preload/index.ts', may: readable, types: [], why: 'the preload is the contract made callable' },

  // The main process, from the top down. The app and the command put the parts together, with a window and without one.
  app: {
    path: 'src/main/app/',
    may: ['ipc', 'cli', 'electron hosts', ...parts, ...readable],
    types: [],
    why: 'the app puts the parts together',
  },
  cli: {
    path: 'src/main/cli/',
    may: ['app', ...parts, ...readable],
    types: [],
    why: 'the command puts the parts together without a window',
  },
  ipc: {
    path: 'src/main/ipc/',
    may: ['services', 'domain', ...readable],
    types: ['app', 'jobs'],
    why: 'ipc hands a request to a service and holds no logic',
  },
  services: {
    path: 'src/main/services/',
    may: [
      ...['jobs', 'store', 'dicomweb', 'imaging', 'learning', 'phantom', 'statistics', 'files', 'domain', 'entries'],
      'contract',
    ],
    types: ['wiring'],
    why: 'a service takes what it needs from the layers below',
  },
  jobs: {
    path: 'src/main/jobs/',
    may: ['store', 'domain', 'entries'],
    types: readable,
    why: 'jobs run work they are handed',
  },
  store: {
    path: 'src/main/store/',
    may: ['files', 'domain', 'migrations'],
    types: [],
    why: 'the store knows the database and the domain',
  },
  dicomweb: {
    path: 'src/main/dicomweb/',
    may: ['domain'],
    types: [],
    why: 'dicomweb knows the network and the domain',
  },
  imaging: {
    path: 'src/main/imaging/',
    may: ['files', 'domain', 'entries', 'compiler'],
    types: [],
    why: 'imaging knows files and the domain',
  },
  'electron hosts': {
    path: 'src/main/imaging/utility-host.ts',
    may: ['imaging', 'domain', 'entries'],
    types: [],
    why: 'a host starts a process and nothing else',
  },
  learning: {
    path: 'src/main/learning/',
    may: ['files', 'domain', 'imaging', 'entries'],
    types: [],
    why: 'learning knows pictures, numbers and the domain',
  },
  statistics: {
    path: 'src/main/statistics/',
    may: ['store', 'domain', 'entries'],
    types: [],
    why: 'the statistics worker runs the domain on votes it reads by itself',
  },
  phantom: {
    path: 'src/main/phantom/',
    may: ['files', 'domain', 'imaging', 'entries'],
    types: [],
    why: 'the phantom makes scans',
  },
  files: {
    path: 'src/main/files/',
    may: ['domain'],
    types: [],
    why: 'files puts bytes on the disk and knows no more than what a failing disk is called',
  },
  domain: { path: 'src/main/domain/', may: [], types: [], why: 'the domain imports nothing of ours but itself' },
  compiler: {
    path: 'src/main/app/compiler.ts',
    may: [],
    types: [],
    why: 'how code is compiled is set before all else',
  },
  entries: { path: 'src/main/app/entries.ts', may: [], types: [], why: 'the table of entries stands alone' },
  migrations: { path: 'db/', may: [], types: [], why: 'migrations stand alone, so that old ones never change' },
  manifest: { path: 'package.json', may: [], types: [], why: '' },
}

/** Packages that belong to certain layers; a name that ends in a slash stands for all that begin with it. */
export const packages = {
  electron: { only: ['app', 'ipc', 'electron hosts', 'preload'], why: 'everything else also runs without a window' },
  'better-sqlite3': { only: ['store', 'migrations'], why: 'the database is behind the store' },
  pg: { only: ['store'], why: 'the database is behind the store' },
  '@tensorflow/': { only: ['learning'], why: 'TensorFlow lives in its worker alone' },
  'node:': {
    not: ['pages', 'page helpers', 'stores', 'api', 'contract', 'wiring', 'preload'],
    why: 'the page and the border have no Node',
  },
}
