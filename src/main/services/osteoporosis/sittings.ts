import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeWhole } from '../../files/whole.ts'

/** One sitting of an experiment: it may have been stopped, or killed, and gone on with. */
export interface Sitting {
  began: string
  /** Seconds by the clock, and of the processor over all threads; of one that was killed until it was last noted. */
  seconds: number
  processor: number
  /** `running` also of one that was killed, until the next begins. */
  ended: 'running' | 'done' | 'stopped' | 'failed' | 'killed'
}

export interface SittingNow {
  end(ended: 'done' | 'stopped' | 'failed'): Promise<void>
}

const fileIn = (folder: string): string => join(folder, 'sittings.json')

export async function sittingsOf(folder: string): Promise<Sitting[]> {
  const text = await readFile(fileIn(folder), 'utf8').catch(() => null)
  return text === null ? [] : (JSON.parse(text) as Sitting[])
}

/**
 * Notes a sitting in `sittings.json` at its beginning, every few seconds, and at its end, so that a kill loses no more than the last of
 * them. An experiment that was done before is only looked at again: nothing is noted.
 * @param every milliseconds between two notes
 */
export async function beginSitting(folder: string, every = 10_000): Promise<SittingNow> {
  const known = (await sittingsOf(folder)).map((one): Sitting =>
    one.ended === 'running' ? { ...one, ended: 'killed' } : one,
  )
  if (known.some(({ ended }) => ended === 'done')) return { end: () => Promise.resolve() }
  const began = new Date()
  const before = process.cpuUsage()
  const clock = performance.now()
  // One after another: the last that is written is the last that was noted. A disk that refuses it does not end the experiment.
  let writing = Promise.resolve()
  const note = (ended: Sitting['ended']): Promise<void> => {
    const { user, system } = process.cpuUsage(before)
    const now: Sitting = {
      ...{ began: began.toISOString(), seconds: (performance.now() - clock) / 1000 },
      ...{ processor: (user + system) / 1e6, ended },
    }
    writing = writing.then(() =>
      writeWhole(fileIn(folder), JSON.stringify([...known, now], null, 1)).catch(() => undefined),
    )
    return writing
  }
  await note('running')
  const heartbeat = setInterval(() => void note('running'), every)
  heartbeat.unref()
  return {
    end(ended) {
      clearInterval(heartbeat)
      return note(ended)
    },
  }
}
