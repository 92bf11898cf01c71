import type { Model } from '../../../preload/contract/models.ts'
import { recipeFacts, versionsText, type Fact } from '../recipeFacts.ts'
import { countText } from '../../format/intl.ts'

type Translate = (key: string, named?: Record<string, unknown>) => string

/** Lines in which models differ, in the person's words: what they learned from, how, and on what. */
export function differing(
  models: readonly Model[],
  t: Translate,
  language: string,
): { name: string; values: string[] }[] {
  const facts = models.map((model) => factsOf(model, t, language))
  const names = new Map(facts.flat().map(({ key, name }) => [key, name]))
  return [...names]
    .map(([key, name]) => ({ name, values: facts.map((one) => one.find((fact) => fact.key === key)?.value ?? '–') }))
    .filter(({ values }) => new Set(values).size > 1)
}

function factsOf(
  { recipe, labelSetName, parameters, device, versions }: Model,
  t: Translate,
  language: string,
): Fact[] {
  const fact = (key: string, value: string): Fact => ({ key, name: t(`network.models.facts.${key}`), value })
  return [
    fact('labelSet', labelSetName),
    fact('parameters', countText(parameters, language)),
    ...(recipe ? recipeFacts(recipe, t, language) : []),
    fact('device', device),
    fact('versions', versionsText(versions)),
  ]
}
