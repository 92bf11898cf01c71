import { shallowRef } from 'vue'
import type { ReaderSettings } from '../../preload/contract/reading.ts'
import { api } from '../api.ts'
import { defaultKeys, ownKeys, tableFrom, type KeyTable } from './keys.ts'

/** The person's own keys and when a break is suggested: as delivered until they are here, kept at each change. */
export function useSettings() {
  const keys = shallowRef<KeyTable>({ ...defaultKeys })
  const breakMinutes = shallowRef<number | null>(null)

  function take(settings: ReaderSettings): void {
    keys.value = tableFrom(settings.keys)
    breakMinutes.value = settings.breakMinutes
  }
  /** Reading goes on with the keys as delivered where the own ones cannot be had. */
  async function load(): Promise<void> {
    await api.reading.settings({}).then(take, () => undefined)
  }
  async function keep(change: { keys?: KeyTable; breakMinutes?: number | null }): Promise<void> {
    if (change.keys) keys.value = change.keys
    if (change.breakMinutes !== undefined) breakMinutes.value = change.breakMinutes
    const request = { keys: ownKeys(keys.value), breakMinutes: breakMinutes.value }
    await api.reading.keepSettings(request).then(take, () => undefined)
  }
  return { keys, breakMinutes, load, keep }
}
