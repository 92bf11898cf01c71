import { motionAngles } from '../domain/qme.ts'
import { randomFrom } from '../domain/random.ts'
import { fieldOfView, stackLength } from './sites.ts'
import { centreOf, limbOf, limbSlice } from './bone.ts'
import type { Limb } from './bone.ts'
import { addShell, lanes, project } from './project.ts'
import type { Geometry, Shell } from './project.ts'
import { reconstruct, type Window } from './reconstruct.ts'
import type { ScanSpec } from './types.ts'
import { openKernels, type Kernels } from './wasm/kernels.ts'
import { attenuationOf, densityIntercept, muScaling, tissue } from './units.ts'

/** Photons that reach a detector bin through air, a mm of its width: sets the picture's noise. */
const photonsPerMm = 90000

/** The scanner sees the whole field of view, in bins as wide as a voxel. */
export function geometryOf({
  site,
  size,
  views,
  voxel,
}: Pick<ScanSpec, 'site' | 'size' | 'views' | 'voxel'>): Geometry {
  if (voxel === undefined) return { size, pixel: fieldOfView[site] / size, views }
  return { size: Math.max(size, 2 * Math.ceil(fieldOfView[site] / voxel / 2)), pixel: voxel, views }
}

/** Where the slice lies in the field of view: about the main bone as it lay at the start. */
function windowOf(spec: ScanSpec, limb: Limb, { size, pixel }: Geometry): Window {
  const { x, y } = centreOf(limb, limb.anatomy.bones[0]!)
  const start = (middle: number): number =>
    Math.min(size - spec.size, Math.max(0, Math.round(middle / pixel + (size - spec.size) / 2)))
  return spec.voxel === undefined ? { x: 0, y: 0, size } : { x: start(x), y: start(y), size: spec.size }
}

/** Height of slice k above the stack's middle in mm; a stack of few slices spans the same bone, as equally spaced ones do. */
export function heightOf(k: number, slices: number): number {
  return ((k + 0.5) / slices - 0.5) * stackLength
}

/**
 * Slices `from` to `to` (exclusive) of a scan, native voxels, x fastest; and their motion views of the whole field of view,
 * views x slices x bins.
 */
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
  const window = windowOf(spec, limb, geometry)
  const plane = size * size
  const voxels = new Int16Array(count * window.size ** 2)
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
    const pictures = reconstruct(seen, geometry, kernels, window)
    for (let lane = 0; lane < used; lane++) {
      const at = (start - from + lane) * window.size ** 2
      for (let row = 0; row < window.size; row++)
        for (let column = 0; column < window.size; column++) {
          const p = (window.y + row) * size + window.x + column
          const native = Math.round(pictures[p * lanes + lane]! * muScaling)
          voxels[at + row * window.size + column] = Math.min(32767, Math.max(-32768, native))
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
