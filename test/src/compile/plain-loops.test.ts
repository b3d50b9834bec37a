import fc from 'fast-check'
import { isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import { planRecorder } from '../../../src/compile/plan-recorder.js'
import { loopsPipeline } from '../../../src/compile/plain-loops.js'
import { runReference } from '../../../src/compile/reference.js'
import { box, cardinality, seq, sequence, finite } from '../../../dsl/index.js'
import { contractions, narrowContractions } from '../../support/contractions.js'
import { meantDiagram } from '../../support/finite-diagram.js'
import { exactly } from '../../support/kernel-run.js'
import { planFor } from '../../support/plan-for.js'
import { parameterEntries } from '../../../src/compile/parameters.js'
import { finiteFunction, finiteKernel } from '../../../src/compile/meaning.js'
import { valueOf } from '../../support/value-of.js'
import type { Plan, Tensor } from '../../../src/compile/plan.js'

/** The wanted results by plain loops, and by the reference. */
const both = async (plan: Plan, load: (tensor: Tensor) => ArrayLike<number>, wanted: readonly number[]) => {
  const loaded = plan.tensors.flatMap(({ source }, tensor) => (source.kind === 'step' ? [] : [tensor]))
  const given = loaded.filter((tensor) => plan.tensors[tensor]!.source.kind === 'input')
  const known = loaded.filter((tensor) => !given.includes(tensor))
  const entriesOf = (tensor: number): ArrayLike<number> => load(plan.tensors[tensor]!)
  const pipeline = loopsPipeline(plan, given, wanted, new Map(known.map((tensor) => [tensor, entriesOf(tensor)])))
  const handed = given.map((tensor) => ({ ...plan.tensors[tensor]!, entries: new Float32Array(entriesOf(tensor)) }))
  const found = await pipeline.run(handed)
  // A second run finds nothing of the first.
  expect(await pipeline.run(handed)).toEqual(found)
  const exact = runReference(plan, load)
  return { found, exact: wanted.map((tensor) => exact[tensor]!) }
}

describe('plain loops', () => {
  test.each([contractions, narrowContractions])('contractions, sums and largest products', async (shapes) => {
    await fc.assert(
      fc.asyncProperty(shapes, fc.constantFrom('sum', 'max'), async ({ operation, operands }, reduction) => {
        const magnitudes = operands.map((matrix) => ({ ...matrix, entries: matrix.entries.map(Math.abs) }))
        const recorder = planRecorder()
        const inputs = magnitudes.map(({ rows, columns }, port) =>
          recorder.tensor(rows, columns, { kind: 'input', port }),
        )
        const result = recorder.step({ ...operation, reduction }, inputs)
        const pipeline = loopsPipeline(recorder, inputs, [result], new Map())
        const [found] = await pipeline.run(magnitudes)
        const exact = exactly({ ...operation, reduction }, magnitudes)
        expect(found!.length).toBe(exact.length)
        exact.forEach((entry, at) => expect(Math.abs(found![at]! - entry)).toBeLessThanOrEqual(1e-7 * entry))
        expect(pipeline.execution()).toEqual({ backend: 'loops', executor: 'float64', fallbackReason: undefined })
      }),
      { numRuns: 200 },
    )
  })

  test('plans of random diagrams give what the reference gives', async () => {
    let cases = 0
    await fc.assert(
      fc.asyncProperty(meantDiagram, fc.nat(), async ({ diagram, meanings }, seed) => {
        const planned = planFor(diagram, meanings, 3, ['shannon', 'jensen-shannon'])
        if (!isRight(planned)) return
        const plan = planned.right
        const load = ({ source }: Tensor): ArrayLike<number> => {
          if (source.kind === 'one') return [1]
          if (source.kind === 'input') {
            const size = cardinality(diagram.inputs[source.port]!)!
            return [seed % size, (seed + 1) % size, (seed + 2) % size]
          }
          if (source.kind !== 'parameter') throw new Error('nothing else is loaded')
          return parameterEntries(source.box, finiteKernel(meanings[source.box.name]!), source.parameter)
        }
        const wanted = plan.steps.map(({ result }) => result)
        if (wanted.length === 0) return
        cases += 1
        const { found, exact } = await both(plan, load, wanted)
        exact.forEach((entries, place) => {
          entries.forEach((entry, at) => expect(Math.abs(found[place]![at]! - entry)).toBeLessThan(1e-6))
        })
      }),
      { numRuns: 200 },
    )
    expect(cases).toBeGreaterThan(50)
  })

  test('look-ups in sequences', async () => {
    const Bit = finite('Bit', 2)
    const Word = sequence('Word', Bit, 3)
    const diagram = seq(box('mirror', [Word], [Word], { deterministic: true }), box('parity', [Word], [Bit]))
    const mirrored = Array.from({ length: 8 }, (_, w) => [((w & 1) << 2) | (w & 2) | (w >> 2)])
    const parity = Array.from({ length: 8 }, (_, w) => [w / 8, 1 - w / 8])
    const plan = valueOf(planFor(diagram, { mirror: finiteFunction(mirrored), parity }, 2))
    const load = ({ source }: Tensor): ArrayLike<number> => {
      if (source.kind === 'input') return [1, 0, 0, 1, 1, 0]
      if (source.kind !== 'parameter') throw new Error('nothing else is loaded')
      const meaning = source.box.name === 'mirror' ? finiteFunction(mirrored) : finiteKernel(parity)
      return parameterEntries(source.box, meaning, source.parameter)
    }
    const last = plan.steps[plan.steps.length - 1]!.result
    const { found } = await both(plan, load, [last])
    // 100 is mirrored to 001, and 110 to 011.
    expect(Array.from(found[0]!)).toEqual([1 / 8, 7 / 8, 3 / 8, 5 / 8])
  })
})
