import { motionAngles } from '../domain/qme.ts'
import { randomFrom } from '../domain/random.ts'
import { fieldOfView, stackLength } from './sites.ts'
import { limbOf, limbSlice } from './bone.ts'
import type { Limb } from './bone.ts'
import { addShell, lanes, project } from './project.ts'
import type { Geometry, Shell } from './project.ts'
import { reconstruct } from './reconstruct.ts'
import type { ScanSpec } from './types.ts'
import { openKernels, type Kernels } from './wasm/kernels.ts'
import { attenuationOf, densityIntercept, muScaling, tissue } from './units.ts'

/** Photons that reach a detector bin through air, a mm of its width: sets the picture's noise. */
const photonsPerMm = 90000

export function geometryOf(spec: Pick<ScanSpec, 'site' | 'size' | 'views'>): Geometry {
  return { size: spec.size, pixel: fieldOfView[spec.site] / spec.size, views: spec.views }
}

/** Height of slice k above the stack's middle in mm; a stack of few slices spans the same bone, as equally spaced ones do. */
export function heightOf(k: number, slices: number): number {
  return ((k + 0.5) / slices - 0.5) * stackLength
}

/** Slices `from` to `to` (exclusive) of a scan, native voxels, x fastest; and their motion views, views x slices x bins. */
export function simulateSlices(
  spec: ScanSpec,
  from: number,
  to: number,
  limb: Limb = limbOf(spec),
  kernels: Kernels = openKernels(),
): { voxels: Int16Array<ArrayBuffer>; motionViews: Float32Array<ArrayBuffer> } {
  const geometry = geometryOf(spec)
  const { size, pixel, views } = geometry
  const count = to - from
  const plane = size * size
  const voxels = new Int16Array(count * plane)
  const motionViews = new Float32Array(3 * count * size)
  const angles = Float64Array.from({ length: views }, (_, k) => (k * Math.PI) / views)
  const extra = Float64Array.from(motionAngles, (degrees) => (degrees * Math.PI) / 180)
  const shell = shellOf(limb)
  for (let start = from; start < to; start += lanes) {
    const used = Math.min(lanes, to - start)
    const slices = new Float32Array(plane * lanes)
    for (let lane = 0; lane < used; lane++) {
      const density = limbSlice(limb, heightOf(start + lane, spec.slices), size, pixel)
      // Air is exactly nothing, so that the projector can pass it over.
      for (let p = 0; p < plane; p++)
        if (density[p]! > densityIntercept + 0.01) slices[p * lanes + lane] = attenuationOf(density[p]!)
    }
    const seen = project(slices, geometry, spec.motion, angles, kernels)
    addShell(seen, geometry, shell, angles)
    const kept = project(slices, geometry, spec.motion, extra, kernels)
    addShell(kept, geometry, shell, extra)
    for (let lane = 0; lane < used; lane++) {
      addNoise(seen, lane, pixel, `${spec.seed}/photons/${spec.id}/${start + lane}`)
      addNoise(kept, lane, pixel, `${spec.seed}/photons/${spec.id}/${start + lane}/motion`)
      for (let view = 0; view < 3; view++)
        for (let bin = 0; bin < size; bin++)
          motionViews[(view * count + start - from + lane) * size + bin] = kept[(view * size + bin) * lanes + lane]!
    }
    const pictures = reconstruct(seen, geometry, kernels)
    for (let lane = 0; lane < used; lane++) {
      const at = (start - from + lane) * plane
      for (let p = 0; p < plane; p++) {
        const native = Math.round(pictures[p * lanes + lane]! * muScaling)
        voxels[at + p] = Math.min(32767, Math.max(-32768, native))
      }
    }
  }
  return { voxels, motionViews }
}

export function shellOf(limb: Limb): Shell {
  return { ...limb.anatomy.cast, attenuation: attenuationOf(tissue.cast) }
}

/**
 * Photon noise: a bin that N photons reach measures -ln(N / N0), whose standard deviation is 1 / sqrt(N) for the counts
 * of thousands at hand.
 */
function addNoise(sinogram: Float32Array, lane: number, pixel: number, seed: string): void {
  const random = randomFrom(seed)
  const open = photonsPerMm * pixel
  for (let i = lane; i < sinogram.length; i += lanes) {
    const line = sinogram[i]!
    sinogram[i] = line + random.normal() / Math.sqrt(open * Math.exp(-line))
  }
}
