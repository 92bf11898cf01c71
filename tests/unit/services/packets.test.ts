import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { unpackTar, packTar } from '../../../src/main/learning/tar.ts'
import { verifyChain } from '../../../src/main/store/verify.ts'
import { countingVotes } from '../../../src/main/services/votes/counting.ts'
import type { Desk } from '../../../src/preload/contract/reading.ts'
import { castVote } from '../../fixtures/casting.ts'
import { homeAndAway, signIn, type Away } from '../../fixtures/packets.ts'
import { readAll, type Program } from '../../fixtures/program.ts'
import { votesSaid } from '../../fixtures/votes.ts'

let at: Away
const reader = () => at.study.readers[0]!
const out = (name: string): string => join(at.stick, name)
const desk = (program: Program) => program.get<Desk>('r1', 'reading.desk', { studyId: at.study.studyId })

async function cast(program: Program, grade: number): Promise<string> {
  const { current } = await desk(program)
  await castVote(program, 'r1', current!.assignmentId, grade, { note: 'as seen' })
  return current!.assignmentId
}

const make = (path = out('r1.concord-study')) =>
  at.home.services.packets.make(at.study.lead, { studyId: at.study.studyId, readerId: reader().accountId, path })
const open = (path = out('r1.concord-study')) => at.away.services.packets.open(null, { path })
const take = (path = out('r1.concord-votes')) =>
  at.away.services.packets.votes(reader(), { studyId: at.study.studyId, path })
const merge = (path = out('r1.concord-votes')) => at.home.services.packets.merge(at.study.lead, { path })
const codeOf = (doing: Promise<unknown>): Promise<string> =>
  doing.then(
    () => 'ok',
    (error: { code?: string; message: string }) => error.code ?? error.message,
  )
const counting = async (program: Program) => {
  const said = await program.services.sealing.forFigures(program.db, at.study.lead, at.study.studyId)
  const votes = await countingVotes(program.db, said, at.study.studyId)
  return votes.map(({ accountId, pseudonym, grade }) => [accountId, pseudonym, grade])
}
const holds = async (program: Program) => expect((await verifyChain(program.db)).broken).toBeNull()
const everything = async ({ db }: Program) =>
  JSON.stringify([
    await db.selectFrom('vote').selectAll().orderBy('id').execute(),
    await db.selectFrom('assignment').selectAll().orderBy('id').execute(),
    await db.selectFrom('reader_key').selectAll().orderBy('id').execute(),
    await db.selectFrom('packet').selectAll().orderBy('digest').execute(),
    await db.selectFrom('audit').select('digest').orderBy('sequence', 'desc').limit(1).execute(),
  ])

describe.each([{ encrypted: true }, { encrypted: false }])(
  'a study taken along, encrypted: $encrypted',
  ({ encrypted }) => {
    beforeEach(async () => {
      at = await homeAndAway(4, encrypted)
    })
    afterEach(async () => {
      await at.home.close()
      await at.away.close()
      rmSync(at.stick, { recursive: true, force: true })
    })

    it('is read there and comes home, once however often it is merged', async () => {
      await readAll(at.home, 'r2', at.study.studyId, () => 5)
      await cast(at.home, 4)
      const order = (await at.home.db.selectFrom('assignment').selectAll().orderBy('position').execute())
        .filter((row) => row.account_id === reader().accountId)
        .map((row) => row.id)
      // How long the queue of somebody is who is called by name is not for a lead before unblinding.
      expect(await make()).toMatchObject({ reader: 'r1', scans: null, assignments: null })
      expect(await open()).toMatchObject({ changed: true, reader: 'r1', scans: 4 })
      const before = await everything(at.away)
      expect(await open()).toMatchObject({ changed: false })
      expect(await everything(at.away)).toBe(before)
      await holds(at.away)
      // Nobody else's vote, name or key went along.
      const people = await at.away.db.selectFrom('account').select(['name', 'display_name', 'state']).execute()
      expect(people.filter((one) => one.state === 'active').map((one) => one.name)).toEqual(['r1'])
      expect(people.some((one) => /r2|r3|lead/.test(one.name + one.display_name))).toBe(false)
      expect(await at.away.db.selectFrom('vote').select('id').execute()).toHaveLength(1)
      expect(await at.away.db.selectFrom('study_key_share').selectAll().execute()).toEqual([])
      const there = await at.away.db.selectFrom('assignment').selectAll().orderBy('position').execute()
      expect(there.map((row) => row.id)).toEqual(order)
      for (const { content_sha256 } of await at.away.db.selectFrom('scan').selectAll().execute())
        expect(existsSync(join(at.away.folders.volumes, `${content_sha256}.vol`))).toBe(true)

      await signIn(at.away, 'r1')
      expect((await desk(at.away)).undoable).toMatchObject({ grade: 4 })
      await at.away.get('r1', 'reading.undo', { studyId: at.study.studyId })
      await readAll(at.away, 'r1', at.study.studyId, () => 2)
      expect((await votesSaid(at.away)).map((vote) => [vote.kind, vote.grade])).toEqual([
        ['cast', 4],
        ['withdrawn', null],
        ...[2, 2, 2, 2].map((grade) => ['cast', grade]),
      ])
      expect(await take()).toMatchObject({ votes: 6 })
      expect(await merge()).toMatchObject({ votes: 5, known: 1, late: 0, conflicts: [], reader: null })
      const merged = await everything(at.home)
      expect(await merge()).toMatchObject({ votes: 0 })
      expect(await everything(at.home)).toBe(merged)
      expect(
        (await counting(at.home)).filter(([who]) => who === reader().accountId).map(([, , grade]) => grade),
      ).toEqual([2, 2, 2, 2])
      expect((await desk(at.home)).current).toBeNull()
      await holds(at.home)
      await holds(at.away)
      await readAll(at.home, 'r3', at.study.studyId, () => 1)
      await at.home.services.rounds.seal(at.study.lead, { studyId: at.study.studyId, incomplete: false })
      expect((await counting(at.home)).length).toBe(12)
    })

    it('keeps both votes where both sides voted, and the later one counts', async () => {
      // What the lead's figures have read already takes in votes that are older than the newest of them.
      const status = () => at.home.services.analysis.overview(at.study.lead, at.study.studyId)
      await make()
      await open()
      await signIn(at.away, 'r1')
      const both = await cast(at.away, 1)
      await cast(at.away, 2)
      await cast(at.home, 4)
      await readAll(at.home, 'r2', at.study.studyId, () => 3)
      await status()
      await take(out('first'))
      // The vote at home was the later one.
      expect(await merge(out('first'))).toMatchObject({
        votes: 2,
        conflicts: [{ assignmentId: both, position: 1, counts: { from: 'here' } }],
      })
      const own = async () => (await counting(at.home)).filter(([who]) => who === reader().accountId)
      expect((await own()).map(([, , grade]) => grade).sort()).toEqual([2, 4])
      await at.away.get('r1', 'reading.undo', { studyId: at.study.studyId })
      await cast(at.away, 5)
      await take(out('second'))
      expect(await merge(out('second'))).toMatchObject({ votes: 2, known: 2, conflicts: [] })
      expect(await merge(out('first'))).toMatchObject({ votes: 0 })
      expect((await own()).map(([, , grade]) => grade).sort()).toEqual([4, 5])
      // Every one of them still opens, also under another revision than it was cast with.
      const said = await votesSaid(at.home)
      expect(
        said.filter((vote) => vote.account_id === reader().accountId && vote.assignment_id === both),
      ).toMatchObject([
        { grade: 1, cast_revision: 1, revision: 0 },
        { grade: 4, cast_revision: null, revision: 1 },
      ])
      await holds(at.home)
      // What was kept in memory is what all votes say when they are read anew.
      const kept = await status()
      at.home.services.keyRing.drop(at.study.lead.accountId)
      await signIn(at.home, 'lead')
      expect(kept).toEqual(await status())
    })

    it('is refused where it is not what it should be, and nothing changes', async (ctx) => {
      ctx.skip(!encrypted, 'what is refused before a vote is read is the same for both')
      await make()
      await open()
      await signIn(at.away, 'r1')
      await cast(at.away, 1)
      await take()
      const whole = readFileSync(out('r1.concord-votes'))
      const before = await everything(at.home)
      const refused = async (bytes: Buffer): Promise<string> => {
        writeFileSync(out('bad'), bytes)
        return codeOf(merge(out('bad')))
      }
      const changed = (name: string, change: (text: string) => string): Buffer => {
        const files = unpackTar(whole)
        files.set(name, Buffer.from(change(files.get(name)!.toString())))
        return packTar(files)
      }
      expect(await refused(Buffer.from('nothing'))).toBe('packet-foreign')
      expect(await refused(whole.subarray(0, whole.length - 1000))).toBe('packet-truncated')
      expect(await refused(whole.subarray(0, 700))).toBe('packet-truncated')
      expect(await refused(changed('rows.json', (text) => text.replace('"revision":1', '"revision":3')))).toBe(
        'packet-altered',
      )
      expect(await refused(changed('concord-packet.json', (text) => text.replace('Motion', 'Motiom')))).toBe(
        'packet-altered',
      )
      expect(await refused(changed('concord-packet.json', (text) => text.replace('"version":1', '"version":2')))).toBe(
        'packet-newer',
      )
      expect(await refused(changed('signature', () => ''))).toBe('packet-altered')
      const unsigned = unpackTar(whole)
      unsigned.delete('signature')
      expect(await refused(packTar(unsigned))).toBe('packet-unsigned')
      expect(await codeOf(merge(out('r1.concord-study')))).toBe('packet-other-kind')
      expect(await codeOf(merge(out('not-there')))).toBe('packet-missing')
      expect(
        await codeOf(at.home.services.packets.merge(at.study.readers[1]!, { path: out('r1.concord-votes') })),
      ).toBe('blinded')
      // Signed by somebody else who has an account: not with this reader's key.
      const { packets, accountKeys } = at.home.services
      const r2 = { ...at.study.readers[1]!, accountId: at.study.readers[1]!.accountId }
      expect(accountKeys.sign(r2.accountId, Buffer.from('x'))).not.toBeNull()
      await packets.votes(r2, { studyId: at.study.studyId, path: out('r2') })
      const theirs = unpackTar(readFileSync(out('r2')))
      const manifest = JSON.parse(theirs.get('concord-packet.json')!.toString()) as { reader: { id: string } }
      manifest.reader.id = reader().accountId
      const text = Buffer.from(JSON.stringify(manifest))
      theirs.set('concord-packet.json', text)
      const { signature } = accountKeys.sign(r2.accountId, Buffer.concat([Buffer.from('concord packet 1\n'), text]))!
      theirs.set('signature', Buffer.from(signature))
      const untouched = await everything(at.home)
      expect(await refused(packTar(theirs))).toBe('packet-signer-unknown')
      expect(await everything(at.home)).toBe(untouched)
      // That r2 took votes along is kept, nothing else.
      expect(JSON.parse(untouched).slice(0, 3)).toEqual(JSON.parse(before).slice(0, 3))
      // Merged where it was made it says nothing new; and a study that lives here itself is not opened.
      expect(await codeOf(at.away.services.packets.merge(at.study.lead, { path: out('r1.concord-votes') }))).toBe('ok')
      expect(await codeOf(at.home.services.packets.open(at.study.lead, { path: out('r1.concord-study') }))).toBe(
        'packet-study-here',
      )
      await at.home.services.rounds.seal(at.study.lead, { studyId: at.study.studyId, incomplete: true })
      const sealed = await everything(at.home)
      expect(await codeOf(merge())).toBe('packet-study-sealed')
      expect(await codeOf(make())).toBe('study-not-open')
      expect(await everything(at.home)).toBe(sealed)
      await holds(at.home)
    })

    it('leaves nothing behind where it cannot be opened whole', async (ctx) => {
      ctx.skip(!encrypted, 'what is refused before a vote is read is the same for both')
      await make()
      const whole = readFileSync(out('r1.concord-study'))
      writeFileSync(out('cut'), whole.subarray(0, whole.length - 2000))
      expect(await codeOf(open(out('cut')))).toBe('packet-truncated')
      const files = unpackTar(whole)
      const [name, content] = [...files].at(-1)!
      files.set(name, Buffer.from(content.map((byte, index) => (index === 600 ? 1 : byte))))
      writeFileSync(out('changed'), packTar(files))
      expect(await codeOf(open(out('changed')))).toBe('packet-altered')
      expect(await codeOf(at.away.services.packets.open(null, { path: out('r1.concord-study'), signer: 'ab12' }))).toBe(
        'packet-other-signer',
      )
      await at.home.services.packets.votes(reader(), { studyId: at.study.studyId, path: out('votes') })
      expect(await codeOf(at.away.services.packets.merge(at.study.lead, { path: out('votes') }))).toBe(
        'packet-study-unknown',
      )
      expect(await at.away.db.selectFrom('account').select('id').execute()).toEqual([])
      expect(await at.away.db.selectFrom('audit').select('digest').execute()).toEqual([])
      expect(readdirSync(at.away.folders.volumes)).toEqual([])
      const { signer } = await make()
      expect(await at.away.services.packets.open(null, { path: out('r1.concord-study'), signer })).toMatchObject({
        changed: true,
      })
    })
  },
)
