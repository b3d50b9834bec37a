/**
 * Compiled diagrams against the float64 interpreter, at random, on every backend that there is. How far a number may be off is derived
 * from the plan, entry by entry (test/support/error-bound.ts); a probability that is zero must come out as zero.
 *
 * MARKOVCAT_RANDOM_DIAGRAMS: how many diagrams there are for each backend, 1000 unless it says so.
 */
import fc from 'fast-check'
import { isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import { cardinality, type Wires } from '../../../dsl/index.js'
import { FinStoch } from '../../../src/category/fin-stoch.js'
import { chooseBackend } from '../../../src/compile/backend.js'
import { compile } from '../../../src/compile/evaluate.js'
import { type Evaluation, evaluationOf } from '../../../src/compile/evaluation.js'
import type { Plan } from '../../../src/compile/plan.js'
import { radicesOf } from '../../../src/compile/wire-numbers.js'
import { interpret } from '../../../src/interpret.js'
import { arithmeticOf, type Bounded, errorBounds } from '../../support/error-bound.js'
import { compilerCase } from '../../support/finite-diagram.js'
import { jointOf } from '../../support/joint.js'
import { languageModelCase } from '../../support/random-language-model.js'
import { valueOf } from '../../support/value-of.js'

const backends = ['cpu', 'webasm', 'webgpu', 'onnx'] as const
const present = new Map<string, string>()
for (const name of backends) {
  const chosen = await chooseBackend(name)
  if (isRight(chosen))
    present.set(name, `${chosen.right.mode}${chosen.right.adapter === undefined ? '' : `, ${chosen.right.adapter}`}`)
}

const asMany = Number(process.env['MARKOVCAT_RANDOM_DIAGRAMS'] ?? 1000)

/** The elements of a batch as an input for each wire: of a sequence, place by place. */
const inputsOf = (wires: Wires, members: readonly (readonly number[])[]): readonly (readonly number[])[] =>
  wires.map((wire, port) =>
    members.flatMap((member) => {
      const digits: number[] = []
      let rest = member[port]!
      for (const radix of radicesOf(wire).toReversed()) {
        digits.unshift(rest % radix)
        rest = Math.floor(rest / radix)
      }
      return digits
    }),
  )

/** An evaluation in which every number is the most that it may be off. */
const boundsOf = (plan: Plan, { exact, errors }: Bounded): Evaluation => {
  const elements = new Set(
    plan.outputs.flatMap((output) =>
      output.kind === 'value' && output.wire.kind !== 'real' ? [output.value.tensor] : [],
    ),
  )
  return evaluationOf(plan, {
    question: 'joint',
    read: (tensor) => (elements.has(tensor) ? exact : errors)[tensor]!,
    isPossible: () => [],
    execution: { backend: 'bounds', executor: '', fallbackReason: undefined, reason: '', adapter: undefined },
  })
}

/**
 * The roundings on the way to any entry of a finite plan are at most these: one for each number handed over, one for each product, one
 * for each sum. So a probability has a relative error of about that many times 2^-24, if nothing underflows.
 */
const roundings = ({ form, steps }: Plan): number =>
  steps.reduce(
    (count, { operation }) =>
      count + (operation.kind === 'contract' ? operation.summed.reduce((product, size) => product * size, 1) : 0),
    form.boxes.length,
  )

const expectWithin = (found: ArrayLike<number>, exact: ArrayLike<number>, bounds: ArrayLike<number>): void => {
  expect(found.length).toBe(exact.length)
  expect(bounds.length).toBe(exact.length)
  for (let at = 0; at < exact.length; at++) {
    const off = Math.abs(found[at]! - exact[at]!)
    // The float64 reference has an error of its own.
    const most = bounds[at]! + 1e-13 * Math.abs(exact[at]!)
    if (!(off <= most)) expect.fail(`entry ${at} is ${found[at]}, should be ${exact[at]} +- ${most}`)
  }
}

describe.each(backends)('backend %s', (backend) => {
  const run = test.skipIf(!present.has(backend))
  const numRuns = backend === 'webgpu' ? Math.ceil(asMany / 10) : asMany
  const arithmetic = arithmeticOf[backend]

  run(
    `${numRuns} finite diagrams (${present.get(backend) ?? 'no such backend here'})`,
    async () => {
      let kernels = 0
      await fc.assert(
        fc.asyncProperty(compilerCase, async ({ diagram, meanings, numeric, members }) => {
          const meaning = valueOf(interpret(FinStoch, meanings)(diagram))
          const evaluator = valueOf(await compile(diagram, numeric, { backend }))
          try {
            const inputs = inputsOf(diagram.inputs, members)
            const evaluation = valueOf(await evaluator.run(inputs, { batch: members.length }))
            const { backend: ran } = evaluation.execution
            expect([backend, 'none']).toContain(ran)
            if (ran === backend) kernels += 1
            const columns = diagram.outputs.reduce((product, wire) => product * cardinality(wire)!, 1)
            const exact = members.flatMap((member) => {
              const row = diagram.inputs.reduce((place, wire, port) => place * cardinality(wire)! + member[port]!, 0)
              return Array.from(meaning.entries.subarray(row * columns, (row + 1) * columns))
            })
            const plan = valueOf(evaluator.plan(members.length))
            const bounds = boundsOf(plan, errorBounds(plan, numeric, inputs, arithmetic))
            // Where every output is a value nothing is rounded.
            const none = exact.map(() => 0)
            const most = bounds.distribution === undefined ? none : jointOf(bounds).flat()
            const coarse = 1.01 * roundings(plan) * arithmetic.roundoff
            for (const [at, bound] of most.entries()) expect(bound).toBeLessThanOrEqual(coarse * exact[at]! + 2 ** -110)
            expectWithin(jointOf(evaluation).flat(), exact, most)
            const reference = valueOf(evaluator.reference(inputs, { batch: members.length }))
            expectWithin(jointOf(reference).flat(), exact, none)
          } finally {
            await evaluator.dispose()
          }
        }),
        { numRuns },
      )
      expect(kernels).toBeGreaterThan(numRuns / 2)
    },
    600_000,
  )

  const models = Math.ceil(numRuns / 5)
  run(
    `${models} language models`,
    async () => {
      await fc.assert(
        fc.asyncProperty(languageModelCase, async ({ diagram, meanings, inputs, batch, hidden, joint }) => {
          const evaluator = valueOf(await compile(diagram, meanings, { backend }))
          try {
            const evaluation = valueOf(await evaluator.run(inputs))
            expect(evaluation.execution.backend).toBe(backend)
            const plan = valueOf(evaluator.plan(batch))
            const bounds = boundsOf(plan, errorBounds(plan, meanings, inputs, arithmetic))
            const states = (of: Evaluation): ArrayLike<number>[] =>
              of.outputs.flatMap((output) => (output.kind === 'value' ? [output.entries] : []))
            for (const [place, found] of states(evaluation).entries())
              expectWithin(found, hidden.flat(), states(bounds)[place]!)
            const { distribution } = evaluation
            if (distribution !== undefined)
              expectWithin(distribution.entries, joint.flat(), bounds.distribution!.entries)
          } finally {
            await evaluator.dispose()
          }
        }),
        { numRuns: models },
      )
    },
    600_000,
  )
})
