import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/**
 * The compressed picture codecs (WebAssembly builds of CharLS, OpenJPEG and libjpeg-turbo), loaded when first needed.
 * A decoder keeps one set: what an instance holds is freed after each frame.
 */
export type CodecName = 'charls' | 'openjpeg' | 'libjpeg-turbo-8bit'

export interface DecodedFrame {
  width: number
  height: number
  components: number
  bitsPerSample: number
  signed: boolean
  /** Components stand one plane after another (JPEG-LS without interleaving). */
  planar: boolean
  /** Little endian; a copy. */
  bytes: Uint8Array
}

interface WasmDecoder {
  getEncodedBuffer(length: number): Uint8Array
  getDecodedBuffer(): Uint8Array
  readHeader?(): unknown
  decode(): unknown
  getFrameInfo(): {
    width: number
    height: number
    bitsPerSample: number
    componentCount: number
    isSigned?: boolean
  }
  getInterleaveMode?(): number
  delete(): void
}
type WasmModule = Record<string, new () => WasmDecoder>
type WasmFactory = (options: { wasmBinary: Uint8Array; print: () => void; printErr: () => void }) => Promise<WasmModule>

const CLASS: Record<CodecName, string> = {
  charls: 'JpegLSDecoder',
  openjpeg: 'J2KDecoder',
  'libjpeg-turbo-8bit': 'JPEGDecoder',
}

export type Codecs = (name: CodecName, data: Uint8Array) => Promise<DecodedFrame>

/** A function that decodes one frame; throws whatever the codec throws, which callers turn into a ConcordError. */
export function createCodecs(): Codecs {
  const require = createRequire(import.meta.url)
  const loaded = new Map<CodecName, Promise<WasmModule>>()
  const load = (name: CodecName): Promise<WasmModule> => {
    let module = loaded.get(name)
    if (!module) {
      const factory = require(`@cornerstonejs/codec-${name}/decodewasmjs`) as WasmFactory
      const wasmBinary = readFileSync(require.resolve(`@cornerstonejs/codec-${name}/decodewasm`))
      module = factory({ wasmBinary, print: () => undefined, printErr: () => undefined })
      loaded.set(name, module)
    }
    return module
  }
  return async (name, data) => {
    const module = await load(name)
    const decoder = new (module[CLASS[name]] as new () => WasmDecoder)()
    try {
      decoder.getEncodedBuffer(data.length).set(data)
      decoder.decode()
      const info = decoder.getFrameInfo()
      return {
        ...{ width: info.width, height: info.height, components: info.componentCount },
        ...{ bitsPerSample: info.bitsPerSample, signed: info.isSigned ?? false },
        planar: info.componentCount > 1 && decoder.getInterleaveMode?.() === 0,
        bytes: Uint8Array.from(decoder.getDecodedBuffer()),
      }
    } catch (error) {
      // After an exception the WebAssembly memory may be in any state: start afresh.
      loaded.delete(name)
      throw error
    } finally {
      try {
        decoder.delete()
      } catch {
        loaded.delete(name)
      }
    }
  }
}
