import { flipFuses, FuseState, FuseV1Options, FuseVersion, getCurrentFuseWire } from '@electron/fuses'

/**
 * What the packaged Electron may not be used for. A fuse is a byte in the binary: nobody's environment or command line turns
 * it back on. Electron's default is in brackets.
 */
export const fuses: Record<keyof typeof FuseV1Options, boolean> = {
  /** ELECTRON_RUN_AS_NODE would make the program an interpreter with its rights (on). The command works without: app/start.ts. */
  RunAsNode: false,
  /** Nothing here uses cookies; were there any, they would lie encrypted (off). */
  EnableCookieEncryption: true,
  /** NODE_OPTIONS could load foreign code at the start (on). */
  EnableNodeOptionsEnvironmentVariable: false,
  /** --inspect would let another program read the main process, votes and all (on). */
  EnableNodeCliInspectArguments: false,
  /** The archive's digest is held against the one in the program. Windows and macOS only; on Linux it says nothing (off). */
  EnableEmbeddedAsarIntegrityValidation: true,
  /** A folder "app" beside the archive would be started instead of it (off). */
  OnlyLoadAppFromAsar: true,
  LoadBrowserProcessSpecificV8Snapshot: false,
  /** No page of ours is a file (on). */
  GrantFileProtocolExtraPrivileges: false,
  /** Makes WebAssembly fast; the codecs and the phantom run in it (on). */
  WasmTrapHandlers: true,
}

type Name = keyof typeof fuses
const names = (Object.keys(fuses) as Name[]).filter((name) => Number.isNaN(Number(name)))

/** Sets them in an Electron binary. Fails where the binary has a fuse that the table does not name. */
export async function setFuses(binary: string): Promise<void> {
  const wanted = Object.fromEntries(names.map((name) => [FuseV1Options[name], fuses[name]]))
  await flipFuses(binary, { version: FuseVersion.V1, strictlyRequireAllFuses: true, ...wanted } as never)
}

/** Reads them back: name -> on. A fuse that the binary does not have is left out. */
export async function readFuses(binary: string): Promise<Partial<Record<Name, boolean>>> {
  const wire = await getCurrentFuseWire(binary)
  const states = names.map((name) => [name, wire[FuseV1Options[name]]] as const)
  const known = states.filter(([, state]) => state === FuseState.ENABLE || state === FuseState.DISABLE)
  return Object.fromEntries(known.map(([name, state]) => [name, state === FuseState.ENABLE]))
}
