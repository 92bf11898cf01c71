import { computed, ref, shallowRef } from 'vue'
import { defineStore } from 'pinia'
import type { Study } from '../../preload/contract/studies.ts'
import { api, asFailure, onEvent, type Failure } from '../api.ts'

/** The studies this person has a part in, and the one at the top of the window. */
export const useStudies = defineStore('studies', () => {
  const list = shallowRef<Study[]>([])
  const loaded = ref(false)
  const failure = shallowRef<Failure | null>(null)
  const currentId = ref<string | null>(null)

  const current = computed(() => list.value.find((s) => s.id === currentId.value) ?? null)

  async function load(): Promise<void> {
    failure.value = null
    try {
      list.value = await api.studies.list({})
      loaded.value = true
    } catch (caught) {
      failure.value = asFailure(caught)
    }
  }

  /** A study came back from a request: it replaces the row of the list. */
  function put(study: Study): void {
    const others = list.value.filter((s) => s.id !== study.id)
    list.value =
      list.value.length === others.length ? [study, ...others] : list.value.map((s) => (s.id === study.id ? study : s))
  }

  async function refresh(studyId: string): Promise<void> {
    put(await api.studies.get({ studyId }))
  }

  function clear(): void {
    list.value = []
    loaded.value = false
    failure.value = null
    currentId.value = null
  }

  function listen(): () => void {
    return onEvent('study-changed', ({ studyId }) => void refresh(studyId).catch(() => load()))
  }

  return { list, loaded, failure, currentId, current, load, put, refresh, clear, listen }
})
