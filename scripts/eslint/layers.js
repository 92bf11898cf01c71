// Who may import whom: the one table behind the rule in layering.js. README.md draws it.
//
// `path`: a folder (with a slash at its end) or a file; the longest that fits a file decides its layer.
// `may`: layers whose values and types it may import, its own included without saying. `types`: layers of which it may
// import types only. `why`: ends the message.

const readable = ['contract', 'wiring']

export const layers = {
  // The page: page -> store -> api, and of the program only what the contract says.
  pages: {
    path: 'src/renderer/',
    may: ['stores', 'contract'],
    types: ['api', 'wiring'],
    why: 'a page talks to its store, the store to the api',
  },
  stores: {
    path: 'src/renderer/stores/',
    may: ['api', 'contract', 'pages'],
    types: ['wiring'],
    why: 'a store talks to the api',
  },
  api: { path: 'src/renderer/api.ts', may: ['contract'], types: ['wiring'], why: 'the api knows the contract alone' },

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
    may: [],
    types: [],
    why: 'the contract is schemas and nothing else',
    layer: 'wiring',
  },
  preload: { path: 'src/preload/index.ts', may: readable, types: [], why: 'the preload is the contract made callable' },

  // The main process, from the top down.
  app: {
    path: 'src/main/app/',
    may: [
      'ipc',
      'cli',
      'services',
      'jobs',
      'store',
      'imaging',
      'learning',
      'phantom',
      'domain',
      'entries',
      'migrations',
      ...readable,
    ],
    types: [],
    why: 'the app puts the parts together',
  },
  cli: {
    path: 'src/main/cli/',
    may: ['app', 'services', 'jobs', 'domain', 'entries', ...readable],
    types: ['store'],
    why: 'the command calls services',
  },
  ipc: {
    path: 'src/main/ipc/',
    may: ['services', 'domain', ...readable],
    types: ['jobs'],
    why: 'ipc hands a request to a service and holds no logic',
  },
  services: {
    path: 'src/main/services/',
    may: ['jobs', 'store', 'imaging', 'learning', 'phantom', 'domain', 'entries', 'contract'],
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
    may: ['domain', 'migrations'],
    types: [],
    why: 'the store knows the database and the domain',
  },
  imaging: {
    path: 'src/main/imaging/',
    may: ['domain', 'entries'],
    types: [],
    why: 'imaging knows files and the domain',
  },
  learning: {
    path: 'src/main/learning/',
    may: ['domain', 'imaging', 'entries'],
    types: [],
    why: 'learning knows pictures, numbers and the domain',
  },
  phantom: {
    path: 'src/main/phantom/',
    may: ['domain', 'imaging', 'entries'],
    types: [],
    why: 'the phantom makes scans',
  },
  domain: { path: 'src/main/domain/', may: [], types: [], why: 'the domain imports nothing of ours but itself' },
  entries: { path: 'src/main/app/entries.ts', may: [], types: [], why: 'the table of entries stands alone' },
  migrations: { path: 'db/', may: [], types: [], why: 'migrations stand alone, so that old ones never change' },
}

/** Packages that belong to certain layers; a name that ends in a slash stands for all that begin with it. */
export const packages = {
  electron: { only: ['app', 'ipc', 'preload'], why: 'everything else also runs without a window' },
  'better-sqlite3': { only: ['store', 'migrations'], why: 'the database is behind the store' },
  '@tensorflow/': { only: ['learning'], why: 'TensorFlow lives in its worker alone' },
  'node:': {
    not: ['pages', 'stores', 'api', 'contract', 'wiring', 'preload'],
    why: 'the page and the border have no Node',
  },
}
