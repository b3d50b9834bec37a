import { expectTypeOf, test } from 'vitest'

import { box, type Diagram, type Finite, finite, type Real, real, seq, type Sequence } from '../../../dsl/index.js'
import type { Decomposition } from '../../../src/language-model/decomposition.js'
import { draftingDiagrams } from '../../../src/language-model/drafting-head.js'

const Hidden = real('Hidden', 8)
const Token = finite('Token', ['a', 'b'])

test('drafting heads carry the wires of k_head', () => {
  const { chained, chainedHead } = draftingDiagrams({ Hidden, Token, kHead: box('k_head', [Hidden], [Token]) })
  expectTypeOf(chained).toExtend<Diagram<[typeof Hidden], [typeof Token, typeof Token]>>()
  expectTypeOf(chainedHead).toExtend<Diagram<[typeof Hidden, typeof Token], [typeof Token]>>()
  const Other = real('Other', 8)
  // @ts-expect-error: the state is Hidden, not Other.
  seq(box('k_bb', [real('Embedding', 4)], [Other]), chained)
  // @ts-expect-error: k_head takes another state.
  draftingDiagrams({ Hidden, Token, kHead: box('k_head', [Other], [Token]) })
})

test('they follow the stages of any decomposition', () => {
  const pairs = (model: Decomposition) => seq(model.kEmb, model.kBb, draftingDiagrams(model).parallel)
  expectTypeOf(pairs).returns.toExtend<Diagram<[Sequence], [Finite, Finite]>>()
  expectTypeOf(draftingDiagrams<Real, Finite>).returns.toHaveProperty('parallelHead')
})
