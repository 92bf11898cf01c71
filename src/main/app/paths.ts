import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { makeFolder } from '../files/make-folder.ts'

/** The folders of one installation's data. */
export interface DataFolders {
  root: string
  database: string
  /** Decoded volumes, named by the digest of their content; they hold no identity. */
  volumes: string
  /** Checkpoints and weights of training runs, a folder a run. */
  runs: string
  models: string
  /** Scans made by the motion phantom. */
  practice: string
  /** The osteoporosis experiment, a folder each. */
  experiments: string
  log: string
  /** Ends of the audit chain, noted beside the database. */
  anchors: string
  backups: string
  settings: string
  /** What this workstation is called among those at one database. */
  workstation: string
  /** Credentials of picture archives, encrypted by the system's keychain; in no backup. */
  credentials: string
  /** The password of a department's database, encrypted by the system's keychain. */
  secret: string
}

/** CONCORD_DATA names the folder; otherwise the place where the system keeps a program's data. */
export function dataRoot(): string {
  if (process.env.CONCORD_DATA) return process.env.CONCORD_DATA
  if (process.platform === 'win32') return join(process.env.APPDATA ?? join(homedir(), 'AppData/Roaming'), 'Concord')
  if (process.platform === 'darwin') return join(homedir(), 'Library/Application Support/Concord')
  // The XDG Base Directory Specification: one that is empty or not absolute counts as not set.
  const given = process.env.XDG_CONFIG_HOME ?? ''
  return join(isAbsolute(given) ? given : join(homedir(), '.config'), 'Concord')
}

/** @param shared a folder that all workstations of a department share, for pictures, runs and models */
export function dataFolders(root = dataRoot(), shared: string | null = null): DataFolders {
  const files = shared ?? root
  const folders = {
    root,
    database: join(root, 'concord.db'),
    volumes: join(files, 'volumes'),
    runs: join(files, 'runs'),
    models: join(files, 'models'),
    practice: join(root, 'practice'),
    experiments: join(root, 'experiments'),
    log: join(root, 'concord.log'),
    anchors: join(root, 'concord.anchors'),
    backups: join(root, 'backups'),
    settings: join(root, 'settings.json'),
    workstation: join(root, 'workstation'),
    credentials: join(root, 'credentials'),
    secret: join(root, 'database.secret'),
  }
  for (const folder of [folders.root, folders.volumes, folders.runs, folders.models, folders.practice, folders.backups])
    makeFolder(folder, 0o700)
  return folders
}
