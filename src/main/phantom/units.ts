/**
 * Density and attenuation, calibrated as on a Scanco XtremeCT II: an ISQ header holds mu_scaling, and the density of a
 * voxel is native / mu_scaling * slope + intercept. Slope and intercept are those of a typical hydroxyapatite
 * calibration at 68 kVp (0.2 mm Cu filter, 1200 mg HA/cm3 beam-hardening correction): water, 0.2409 1/cm, comes out
 * within 5 mgHA/cm3 of zero.
 */
export const muScaling = 8192
export const densitySlope = 1603.519
export const densityIntercept = -391.209
export const muWater = 0.2409

/** mgHA/cm3 to linear attenuation in 1/cm. */
export function attenuationOf(density: number): number {
  return (density - densityIntercept) / densitySlope
}

/** Linear attenuation in 1/cm to mgHA/cm3. */
export function densityOf(attenuation: number): number {
  return attenuation * densitySlope + densityIntercept
}

/** Native 16-bit voxel to mgHA/cm3. */
export function densityOfNative(native: number): number {
  return densityOf(native / muScaling)
}

/** Densities of what a limb is made of, mgHA/cm3 on this calibration (soft tissues from their CT numbers near 40 keV). */
export const tissue = {
  air: densityIntercept,
  fat: -48,
  muscle: 20,
  tendon: 45,
  skin: 30,
  vessel: 14,
  marrow: -32,
  /** Bone matrix of a single trabecula, before partial volume. */
  trabecula: 780,
  /** Carbon fibre of the limb cast. */
  cast: -20,
} as const
