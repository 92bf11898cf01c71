import { createForkHost, type DecoderHost } from '../imaging/host.ts'

/**
 * The decoder's process for a program without a window: one of Electron's own where this is the installed program, whose
 * Electron starts no plain Node; else a child of this Node.
 */
export async function commandDecoder(): Promise<DecoderHost> {
  if (process.type !== 'browser') return createForkHost()
  const { app } = await import('electron')
  await app.whenReady()
  const { createUtilityHost } = await import('../imaging/utility-host.ts')
  return createUtilityHost()
}
