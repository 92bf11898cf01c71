import type { KeyObject } from 'node:crypto'

/** The private halves of a person who is signed in. */
export interface OwnKeys {
  keyId: string
  publicKey: string
  privateKey: Buffer
  signingPublicKey: string
  signingPrivateKey: Buffer
}

export interface Entry {
  own: OwnKeys
  /** Private halves of studies, and keys of readers' votes, that were opened with the own ones. */
  studies: Map<string, Buffer>
  readers: Map<string, KeyObject>
  /** Of these, the ones that the audit trail was found to know. */
  attested: Set<string>
}

export type KeyRing = ReturnType<typeof createKeyRing>

/**
 * The keys of those who are signed in and whose window is not locked, in the memory of this process alone. They are
 * overwritten when nobody of that account is there any more.
 * @param dropped hears of it when keys were taken away
 */
export function createKeyRing(dropped: () => void = () => undefined) {
  const entries = new Map<string, Entry>()

  function wipe({ own, studies, readers, attested }: Entry): void {
    for (const secret of [own.privateKey, own.signingPrivateKey, ...studies.values()]) secret.fill(0)
    studies.clear()
    readers.clear()
    attested.clear()
  }

  function drop(accountId: string): void {
    const entry = entries.get(accountId)
    if (!entry) return
    entries.delete(accountId)
    wipe(entry)
    dropped()
  }

  return {
    add(accountId: string, own: OwnKeys): void {
      const before = entries.get(accountId)
      // The same pair again, as after a new password: what was opened with it stays.
      if (before?.own.keyId === own.keyId) {
        own.privateKey.fill(0)
        own.signingPrivateKey.fill(0)
        return
      }
      if (before) wipe(before)
      entries.set(accountId, { own, studies: new Map(), readers: new Map(), attested: new Set() })
    },
    of: (accountId: string): OwnKeys | null => entries.get(accountId)?.own ?? null,
    /** What was opened with the person's keys so far; null where they have none here. */
    opened: (accountId: string): Omit<Entry, 'own'> | null => entries.get(accountId) ?? null,
    /** The person has left, or locked the last window at which they were. */
    drop,
    wipe: (): void => [...entries.keys()].forEach(drop),
  }
}
