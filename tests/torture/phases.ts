import type { Page } from '@playwright/test'
import type { ConcordApi } from '../../src/preload/contract/index.ts'
import { defaultRecipe } from '../../src/preload/contract/training.ts'
import { password } from '../fixtures/program.ts'

/** What the program is doing when it is killed. */
export const phases = ['voting', 'import', 'backup', 'training'] as const
export type Phase = (typeof phases)[number]

/** Something that the page got an answer for: it must be there after the kill. */
export interface Acknowledged {
  phase: Phase
  /** The vote's assignment, the scan, the backup's name, or the run. */
  id: string
  /** The vote's grade; of a run its last epoch. */
  value: number
}

export interface Places {
  /** An open study with many scans, to be voted on by r1. */
  voting: string
  /** A draft, into which the lead imports a folder a round. */
  draft: string
  folders: string[]
  /** A label set, to be trained on by theo. */
  labelSet: string
  trained: string
}

/** In the page: does a phase's work as fast as answers come, without an end; each answer is reported as it arrives. */
export async function work(page: Page, phase: Phase, { folders, ...places }: Places, round: number): Promise<void> {
  const folder = folders[Math.floor((round - 1) / phases.length)]!
  const recipe = {
    ...defaultRecipe,
    ...{
      network: 'scratch4',
      imageSize: 64,
      epochs: 60,
      batch: 8,
      patience: 60,
      testShare: 0.25,
      validationShare: 0.25,
    },
  }
  await page.evaluate(
    async ({ phase, places, folder, password, recipe }) => {
      const { concord, acknowledge } = window as unknown as {
        concord: ConcordApi
        acknowledge(done: { phase: string; id: string; value: number }): Promise<void>
      }
      const tell = (id: string, value = 0): Promise<void> => acknowledge({ phase, id, value })
      const soon = (): Promise<void> => new Promise((later) => setTimeout(later, 20))

      async function vote(): Promise<void> {
        await concord.accounts.signIn({ name: 'r1', password })
        let desk = await concord.reading.desk({ studyId: places.voting })
        for (let n = 0; desk.ok && desk.value.current; n++) {
          const { assignmentId } = desk.value.current
          const grade = 1 + (n % 5)
          desk = await concord.reading.cast({
            ...{ assignmentId, grade, reason: null, shownAt: new Date().toISOString(), worstSlice: null, note: null },
            ...{ confidence: null, stackGrades: null, lookedMs: null },
          })
          if (desk.ok) await tell(assignmentId, grade)
        }
      }
      async function importScans(): Promise<void> {
        await concord.accounts.signIn({ name: 'lead', password })
        const look = await concord.scans.preview({ studyId: places.draft, paths: [folder] })
        if (!look.ok) return
        const { previewId } = look.value
        let result = await concord.scans.previewResult({ previewId })
        while (result.ok && !result.value.ready) {
          await soon()
          result = await concord.scans.previewResult({ previewId })
        }
        if (!result.ok) return
        const accept = result.value.found.filter((row) => row.status === 'new').map((row) => row.index)
        await concord.scans.import({
          ...{ previewId, accept, purpose: 'reading', unnamed: 'each' },
          defaults: { site: 'tibia', side: 'unknown' },
        })
        const told = new Set<string>()
        for (;;) {
          const scans = await concord.scans.list({ studyId: places.draft })
          for (const scan of scans.ok ? scans.value : [])
            if (!told.has(scan.id)) {
              told.add(scan.id)
              await tell(scan.id)
            }
          await soon()
        }
      }
      async function backUp(): Promise<void> {
        await concord.accounts.signIn({ name: 'lead', password })
        for (;;) {
          const made = await concord.backups.make({})
          if (made.ok) await tell(made.value.name, made.value.check?.votes ?? -1)
        }
      }
      async function train(): Promise<void> {
        await concord.accounts.signIn({ name: 'theo', password })
        const runs = await concord.training.runs({ studyId: places.trained })
        const before = (runs.ok ? runs.value : []).find((run) => run.state === 'interrupted')
        const started = before
          ? await concord.training.resume({ runId: before.id })
          : await concord.training.start({ labelSetId: places.labelSet, recipe })
        if (!started.ok) return
        let epochs = 0
        for (;;) {
          const run = await concord.training.run({ runId: started.value.id })
          if (run.ok && run.value.epochs.length > epochs) {
            epochs = run.value.epochs.length
            await tell(run.value.id, epochs)
          }
          await soon()
        }
      }
      const does = { voting: vote, import: importScans, backup: backUp, training: train }
      await does[phase]()
    },
    { phase, places, folder, password, recipe },
  )
}
