import { randomFrom } from '../domain/random.ts'
import type { Random } from '../domain/random.ts'

/**
 * Rigid motion of the limb in the plane of the slices while the scanner turns. Time is the fraction of the acquisition,
 * 0 at the view at 0 degrees and 1 at 180 degrees; all slices of a stack are taken in one turn and so move alike.
 *
 * - `drift`: a slow move to another place over `duration` (a limb that sinks as the muscles relax);
 * - `jerk`: a sudden move within `duration`, undone after `hold` where one is given (a twitch);
 * - `tremor`: an oscillation of `cycles` periods a whole acquisition, under a smooth envelope of `duration`. An
 *   acquisition takes minutes: these are slow ones, as breathing or unrest gives; a tremor of some Hz only blurs each view;
 * - `rotation`: a slow turn about the axis, without displacement.
 */
export type MotionKind = 'drift' | 'jerk' | 'tremor' | 'rotation'

export type MotionEvent = {
  kind: MotionKind
  start: number
  duration: number
  /** Size of the whole move, mm and degrees. */
  dx: number
  dy: number
  degrees: number
  hold?: number
  cycles?: number
}

export type Motion = { events: MotionEvent[] }

export const motionless: Motion = { events: [] }

/** Displacement in mm and turn in radians about the scanner's axis. */
export type Pose = { dx: number; dy: number; turn: number }

/** Where the limb is at a time, from 0 to 1: the sum of what all events have moved it by. */
export function poseAt(motion: Motion, time: number): Pose {
  const pose = { dx: 0, dy: 0, turn: 0 }
  for (const event of motion.events) {
    const share = shareOf(event, time)
    pose.dx += share * event.dx
    pose.dy += share * event.dy
    pose.turn += (share * event.degrees * Math.PI) / 180
  }
  return pose
}

/** How much of an event's size is in force at a time: 0 before it; 1 after a drift, a turn or a jerk that stays. */
function shareOf(event: MotionEvent, time: number): number {
  const progress = (time - event.start) / event.duration
  if (event.kind === 'tremor') {
    if (progress <= 0 || progress >= 1) return 0
    return Math.sin(Math.PI * progress) ** 2 * Math.sin(2 * Math.PI * (event.cycles ?? 20) * (time - event.start))
  }
  const there = smoothStep(progress)
  if (event.hold === undefined) return there
  return there - smoothStep((time - event.start - event.duration - event.hold) / (2 * event.duration))
}

function smoothStep(u: number): number {
  const v = Math.min(1, Math.max(0, u))
  return v * v * (3 - 2 * v)
}

/** The same course, `factor` times as large. */
export function scaled(motion: Motion, factor: number): Motion {
  return {
    events: motion.events.map((event) => ({
      ...event,
      dx: event.dx * factor,
      dy: event.dy * factor,
      degrees: event.degrees * factor,
    })),
  }
}

/**
 * A random course of no particular size: one leading event of the kind asked (or any), and smaller ones beside it.
 * `extent` in mm is how far from the axis the bone reaches: it makes a turn about as large as a displacement.
 */
export function randomCourse(seed: string, kind?: MotionKind, extent = 18): Motion {
  const random = randomFrom(seed)
  // Relaxation and twitches are the common causes in vivo; a tremor throughout is rarer.
  const kinds: MotionKind[] = ['drift', 'drift', 'drift', 'jerk', 'jerk', 'jerk', 'tremor', 'rotation']
  const leading = kind ?? kinds[random.integer(kinds.length)]!
  const events = [eventOf(leading, random, 1, extent)]
  if (kind === undefined) {
    const beside = random.integer(3)
    for (let i = 0; i < beside; i++)
      events.push(eventOf(kinds[random.integer(kinds.length)]!, random, 0.15 + 0.4 * random.uniform(), extent))
  }
  return { events }
}

function eventOf(kind: MotionKind, random: Random, size: number, extent: number): MotionEvent {
  // A limb in its cast rises and sinks more than it slides sideways.
  const angle = (random.uniform() < 0.5 ? 0.5 : 1.5) * Math.PI + 0.6 * random.normal()
  const degrees = ((size / extent) * 180) / Math.PI
  const sign = random.uniform() < 0.5 ? -1 : 1
  const move = { dx: size * Math.cos(angle), dy: size * Math.sin(angle), degrees: 0.25 * degrees * random.normal() }
  if (kind === 'drift') {
    const duration = 0.2 + 0.5 * random.uniform()
    return { kind, start: (1 - duration) * random.uniform(), duration, ...move }
  }
  if (kind === 'rotation') {
    const duration = 0.1 + 0.4 * random.uniform()
    const start = 0.15 + (0.7 - duration) * random.uniform()
    return { kind, start, duration, dx: 0, dy: 0, degrees: sign * 1.5 * degrees }
  }
  if (kind === 'tremor') {
    const duration = 0.5 + 0.5 * random.uniform()
    const cycles = 3 + 9 * random.uniform()
    return { kind, start: (1 - duration) * random.uniform(), duration, ...move, cycles }
  }
  const jerk = { kind, start: 0.12 + 0.76 * random.uniform(), duration: 0.006 + 0.03 * random.uniform(), ...move }
  return random.uniform() < 0.6 ? jerk : { ...jerk, hold: 0.05 + 0.25 * random.uniform() }
}
