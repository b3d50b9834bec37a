import { describe, expect, test } from 'vitest'

import type { DraftingAnalysis } from '../../../src/language-model/analysis.js'
import { analyzeDrafting } from '../../../src/language-model/drafting-analysis.js'
import { draftAcceptance } from '../../../src/language-model/drafter.js'
import { type Law, processLaw, textLaw } from '../../../src/language-model/law.js'
import { informationSurplus } from '../../../src/language-model/surplus.js'
import { trainedModels, withHidden } from '../../support/trained-models.js'
import { valueOf } from '../../support/value-of.js'

const analyzed = async (law: Law, hidden?: Float64Array): Promise<DraftingAnalysis> => {
  const models = await trainedModels(law, 2, 60)
  const given = hidden === undefined ? models : { ...models, trained: withHidden(models.trained, hidden) }
  const found = valueOf(analyzeDrafting(law, given, 1))
  if (found === undefined) throw new Error('the law is small')
  return found
}

/** A dimension for each context. */
const oneHot = (count: number): Float64Array =>
  Float64Array.from({ length: count * count }, (_, place) => (Math.floor(place / count) === place % count ? 1 : 0))

const boundsOf = ({ encoder, usable, acceptance, crossEntropy }: DraftingAnalysis) => [
  encoder,
  ...Object.values(usable),
  ...Object.values(acceptance),
  ...Object.values(crossEntropy),
]

describe('drafting', () => {
  test('Z1R: the surplus log 1.5, an acceptance of 2/3, and a one-hot state from which a probe reads it all', async () => {
    const law = valueOf(processLaw('z1r', 4))
    const found = await analyzed(law, oneHot(law.kernel.weights.length))
    expect(found.encoder.value).toBeCloseTo(Math.log(1.5), 9)
    expect(found.encoder.limit).toBeCloseTo(valueOf(informationSurplus(law.entropies, 4, 2)), 9)
    expect(found.acceptance.token.value).toBeCloseTo(2 / 3, 9)
    expect(found.acceptance.state.value).toBeCloseTo(1, 9)
    expect(found.usable.trained.value).toBeCloseTo(Math.log(1.5), 4)
    expect(found.acceptance.perTokenHead.value).toBeCloseTo(1, 3)
    expect(boundsOf(found).filter(({ holds }) => !holds)).toEqual([])
  })

  test('Mess3: the untrained network has less usable surplus than the trained one, and permuted states the least', async () => {
    const law = valueOf(processLaw('mess3(x=0.05,a=0.85)', 4))
    const { usable, encoder, acceptance, ...rest } = await analyzed(law)
    expect(encoder.value / Math.LN2).toBeCloseTo(0.09224, 5)
    expect(usable.trained.value).toBeGreaterThan(usable.untrained.value)
    expect(usable.untrained.value).toBeGreaterThan(usable.permuted.value)
    expect(usable.permuted.value).toBeGreaterThanOrEqual(-1e-9)
    expect(acceptance.perTokenHead.value).toBeGreaterThan(acceptance.token.value)
    expect(acceptance.mostAccepted.value).toBeGreaterThanOrEqual(acceptance.token.value)
    expect(acceptance.tokenCeiling.value).toBe(acceptance.token.value)
    expect(boundsOf({ usable, encoder, acceptance, ...rest }).filter(({ holds }) => !holds)).toEqual([])
  })

  test('a law of order one has no surplus, for any drafter to use', async () => {
    const found = await analyzed(valueOf(processLaw('golden-mean', 3)))
    expect(found.encoder.value).toBeCloseTo(0, 9)
    for (const { value } of Object.values(found.usable)) expect(value).toBeCloseTo(0, 6)
    expect(found.acceptance.token.value).toBeCloseTo(1, 9)
  })

  test('a state that merges all contexts keeps nothing', async () => {
    const law = valueOf(processLaw('z1r', 3))
    const found = await analyzed(law, new Float64Array(law.kernel.weights.length))
    expect(found.encoder.value).toBeCloseTo(0, 12)
    expect(found.encoder.limit).toBeCloseTo(Math.log(1.5), 9)
    expect(found.usable.trained.value).toBeCloseTo(0, 9)
    expect(found.acceptance.state.value).toBeCloseTo(found.acceptance.token.value, 12)
  })

  test('a text: the words of its circle are those of its contexts, in their order', async () => {
    const law = valueOf(textLaw('own', 'it was the best of times it was the worst of times '.repeat(3), 2))
    const found = await analyzed(law)
    expect(found.encoder.limit).toBeCloseTo(valueOf(informationSurplus(law.entropies, 2, 2)), 12)
    expect(found.acceptance.token.value).toBeCloseTo(
      draftAcceptance(
        valueOf(textLaw('own', 'it was the best of times it was the worst of times '.repeat(3), 3)).kernel,
      ),
      9,
    )
    expect(boundsOf(found).filter(({ holds }) => !holds)).toEqual([])
  })

  test('a law with too many words is left alone', async () => {
    const law = valueOf(processLaw('cycle8', 4))
    const models = await trainedModels(law, 1, 1)
    expect(valueOf(analyzeDrafting(law, models, 1))).toBeDefined()
    const long = valueOf(processLaw('mess3', 10))
    const one = { ...models.trained, hidden: new Float64Array(long.kernel.weights.length) }
    expect(valueOf(analyzeDrafting(long, { trained: one, untrained: one, shuffled: one }, 1))).toBeUndefined()
  })
})
