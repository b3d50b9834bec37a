import { describe, expectTypeOf, test } from 'vitest'

import { box, copy, finite, id, par, real, seq } from '../../../dsl/index.js'
import type { Evaluator } from '../../../src/compile/evaluator.js'
import { compile } from '../../../src/compile/evaluate.js'
import type { Output, ValueOutput } from '../../../src/compile/evaluation.js'

const Symbol = finite('Symbol', 5)
const Hidden = real('Hidden', 3)
const Token = finite('Token', 5)
const diagram = seq(
  box('k_bb', [Symbol], [Hidden], { deterministic: true }),
  copy(Hidden),
  par(id(Hidden), box('k_head', [Hidden], [Token])),
)

const open = async () => {
  const compiled = await compile(diagram, {})
  if (compiled._tag === 'Left') throw new Error('no evaluator')
  return compiled.right
}

describe('an evaluator', () => {
  test('takes one array for each input wire', () => {
    void (async () => {
      const evaluator = await open()
      await evaluator.run([[1, 2]])
      // @ts-expect-error: the diagram has one input
      await evaluator.run([])
      // @ts-expect-error: the diagram has one input
      await evaluator.run([[1], [2]])
      // @ts-expect-error: numbers, not names
      await evaluator.run([['a']])
    })
  })

  test('gives an output for each output wire: a vector is a value, an element may be random', () => {
    void (async () => {
      const evaluation = await (await open()).run([[0]])
      if (evaluation._tag === 'Left') return
      const { outputs } = evaluation.right
      expectTypeOf(outputs['length']).toEqualTypeOf<2>()
      expectTypeOf(outputs[0]).toEqualTypeOf<ValueOutput<typeof Hidden>>()
      expectTypeOf(outputs[1]).toEqualTypeOf<Output<typeof Token>>()
      // @ts-expect-error: there is no third output
      expectTypeOf(outputs[2]).toBeUndefined()
    })
  })

  test('of any diagram is an Evaluator', () => {
    void (async () => {
      const evaluator: Evaluator = await open()
      await evaluator.run([[1], [2]])
    })
  })
})
