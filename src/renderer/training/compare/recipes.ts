import type { Model } from '../../../preload/contract/models.ts'

/** Facts of models flattened to `part.key`, so that they can be held against one another line by line. */
export function differing(models: readonly Model[]): { key: string; values: string[] }[] {
  const facts = models.map((model) => flat({ ...factsOf(model) }))
  const keys = [...new Set(facts.flatMap((one) => [...one.keys()]))]
  return keys
    .map((key) => ({ key, values: facts.map((one) => one.get(key) ?? '–') }))
    .filter(({ values }) => new Set(values).size > 1)
}

const factsOf = ({ recipe, labelSetName, network, parameters, device, versions }: Model) => ({
  ...{ network, labelSet: labelSetName, weights: parameters },
  ...(recipe ?? {}),
  ...{ device, versions },
})

function flat(value: object, before = ''): Map<string, string> {
  return new Map(
    Object.entries(value).flatMap(([key, one]: [string, unknown]): [string, string][] =>
      typeof one === 'object' && one !== null
        ? [...flat(one, `${before}${key}.`)]
        : [[`${before}${key}`, one === null ? '–' : String(one as string | number | boolean)]],
    ),
  )
}
