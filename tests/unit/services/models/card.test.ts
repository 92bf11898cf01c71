import { createHash, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reproduce } from '../../../../src/main/cli/reproduce.ts'
import type { Model } from '../../../../src/preload/contract/models.ts'
import { password } from '../../../fixtures/program.ts'
import { startTrained, type Trained } from '../../../fixtures/trained.ts'

let at: Trained
beforeAll(async () => {
  at = await startTrained()
})
afterAll(() => at.close())

describe('the card of a model', () => {
  interface Card {
    program: object
    reading: object
    weights: { sha256: string }
    labelSet: { labels: number; labelsDigest: string; votesDigest: string }
    split: { scans: Record<string, string> }
  }
  const cardOf = (modelId: string) => at.program.get<Card>('theo', 'models.card', { modelId })

  it('says what it learned from and how, and names nobody', async () => {
    const { program, second } = at
    const card = await cardOf(second.id)
    expect(card).toMatchObject({
      program: { version: 'test', commit: null },
      reading: { template: 'hrpqct-motion', readers: 3, readersPerScan: 3, blind: true, encryptedUntilSeal: true },
      labelSet: { name: 'First', rule: 'rounded-mean', votesDigest: second.votesDigest },
      scale: { rescanFrom: 4 },
      recipe: { seed: 1, network: 'scratch4' },
    })
    const scans = Object.entries(card.split.scans)
    expect(card.labelSet.labels).toBe(scans.length)
    const labels = await program.db
      .selectFrom('label')
      .innerJoin('scan', 'scan.id', 'label.scan_id')
      .innerJoin('label_set', 'label_set.id', 'label.label_set_id')
      .select(['scan.content_sha256 as content', 'label.grade as grade'])
      .where('label_set.name', '=', 'First')
      .execute()
    const lines = labels.filter(({ content }) => card.split.scans[content]).map((one) => `${one.content} ${one.grade}`)
    const digest = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex')
    expect(card.labelSet.labelsDigest).toBe(digest(`${lines.sort().join('\n')}\n`))
    const weights = readFileSync(join(program.folders.models, second.sha256, 'weights.safetensors'))
    expect(card.weights.sha256).toBe(digest(weights))
    expect(JSON.stringify(card)).not.toMatch(/Dr |theo|P00\d\d/)
  })

  it('is enough to train it again: the same weights bit for bit, and another model where anything differs', async () => {
    const { program, studyId, second, train } = at
    const theo = await program.services.accounts.signIn({ name: 'theo', password })
    const again = await reproduce(program, theo, second, { retire: true })
    expect(again).toMatchObject({ same: true, differs: [], retired: true })
    // Told apart by its name, on its card, and out of use.
    const models = await program.get<Model[]>('theo', 'models.list', { studyId })
    const model = models.find(({ id }) => id === again.again)!
    expect(model.name).toMatch(new RegExp(`^${second.name} ↻ \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d UTC$`))
    expect(models.filter(({ name }) => name === model.name)).toHaveLength(1)
    expect(model.retired).not.toBeNull()
    expect(await cardOf(again.again)).toMatchObject({ reproduces: { name: second.name, sha256: second.sha256 } })
    expect(again.weights.after).toBe((await cardOf(second.id)).weights.sha256)
    const [set] = await program.get<{ id: string; name: string }[]>('theo', 'labels.list', { studyId })
    expect(set!.name).toBe('First')
    const other = await train(set!.id, { network: 'scratch4', seed: 2 })
    expect((await cardOf(other.id)).weights.sha256).not.toBe(again.weights.before)
  })

  it('is refused where the labels that it names are not here', async () => {
    const { program, second } = at
    const theo = await program.services.accounts.signIn({ name: 'theo', password })
    const elsewhere = { ...second, studyId: randomUUID() }
    const { services } = program
    const none = { ...services, labels: { ...services.labels, list: () => Promise.resolve([]) } }
    await expect(reproduce({ services: none }, theo, elsewhere)).rejects.toMatchObject({
      code: 'labels-missing',
    })
  })
})
