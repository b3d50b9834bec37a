/**
 * Compiled diagrams against the float64 interpreter, at random, on every backend that there is. How far a number may be off is derived
 * from the plan, entry by entry (test/support/error-bound.ts); a probability that is zero must come out as zero.
 *
 * MARKOVCAT_RANDOM_DIAGRAMS: how many diagrams there are for each backend, 1000 unless it says so; a tenth of these on WebGPU by software.
 * MARKOVCAT_BACKEND: a backend that must be there; of WebGPU a real GPU. Without it what is not there is skipped.
 */
import fc from 'fast-check'
import { isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import { FinStoch } from '../../../src/category/fin-stoch.js'
import { chooseBackend } from '../../../src/compile/backend.js'
import { compile } from '../../../src/compile/evaluate.js'
import { isSoftware } from '../../../src/compile/gpu-js/webgpu.js'
import type { Plan } from '../../../src/compile/plan.js'
import { interpret } from '../../../src/interpret.js'
import { inputsOf } from '../../support/batch-inputs.js'
import { boundsOf, expectWithin, jointBounds, rowsOf, vectorsOf } from '../../support/compiled-check.js'
import { arithmeticOf, errorBounds } from '../../support/error-bound.js'
import { compilerCase } from '../../support/finite-diagram.js'
import { jointOf } from '../../support/joint.js'
import { languageModelCase } from '../../support/random-language-model.js'
import { valueOf } from '../../support/value-of.js'

const backends = ['cpu', 'webasm', 'webgpu', 'onnx'] as const
const present = new Map<string, string>()
let isGpu = false
for (const name of backends) {
  const chosen = await chooseBackend(name)
  if (!isRight(chosen)) continue
  const { mode, adapter } = chosen.right
  present.set(name, adapter === undefined ? mode : `${mode}, ${adapter}`)
  if (adapter !== undefined) isGpu = !isSoftware({ info: { description: adapter } })
}

const asMany = Number(process.env['MARKOVCAT_RANDOM_DIAGRAMS'] ?? 1000)
const demanded = process.env['MARKOVCAT_BACKEND']

test.skipIf(demanded === undefined)(`MARKOVCAT_BACKEND: ${demanded ?? 'none'} is there`, () => {
  expect([...present.keys()]).toContain(demanded)
  if (demanded === 'webgpu') expect(isGpu, `${present.get('webgpu')} is no GPU`).toBe(true)
})

/**
 * How many roundings there are at most on the way to an entry of a finite plan's answer: one for each number that is handed over, one for
 * each product and each sum, each as often as it enters. A probability thus has a relative error of at most about that many times 2^-24,
 * unless something underflows.
 */
const roundings = ({ tensors, steps, answer }: Plan): number => {
  const counts: number[] = tensors.map(({ source }) => (source.kind === 'parameter' ? 1 : 0))
  for (const { operation, operands, result } of steps)
    counts[result] =
      operands.reduce((sum, operand) => sum + counts[operand]!, 0) +
      (operation.kind === 'contract' ? operation.summed.reduce((product, size) => product * size, 1) : 0)
  return answer?.kind === 'joint' ? counts[answer.tensor]! : 0
}

describe.each(backends)('backend %s', (backend) => {
  const run = test.skipIf(!present.has(backend))
  const numRuns = backend === 'webgpu' && !isGpu ? Math.ceil(asMany / 10) : asMany
  const arithmetic = arithmeticOf[backend]

  run(
    `${numRuns} finite diagrams (${present.get(backend) ?? 'no such backend here'})`,
    async () => {
      let kernels = 0
      await fc.assert(
        fc.asyncProperty(compilerCase, async (given) => {
          const { diagram, meanings, numeric, members } = given
          const meaning = valueOf(interpret(FinStoch, meanings)(diagram))
          const evaluator = valueOf(await compile(diagram, numeric, { backend }))
          try {
            const inputs = inputsOf(diagram.inputs, members)
            const evaluation = valueOf(await evaluator.run(inputs, { batch: members.length }))
            const { backend: ran } = evaluation.execution
            expect([backend, 'none']).toContain(ran)
            if (ran === backend) kernels += 1
            const exact = rowsOf(given, meaning)
            const plan = valueOf(evaluator.plan(members.length))
            const most = jointBounds(boundsOf(plan, errorBounds(plan, numeric, inputs, arithmetic)))
            const coarse = 1.01 * roundings(plan) * arithmetic.roundoff
            for (const [at, bound] of most.entries()) expect(bound).toBeLessThanOrEqual(coarse * exact[at]! + 2 ** -110)
            expectWithin(jointOf(evaluation).flat(), exact, most)
            const reference = valueOf(evaluator.reference(inputs, { batch: members.length }))
            expectWithin(jointOf(reference).flat(), exact, undefined)
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
            for (const [place, found] of vectorsOf(evaluation).entries())
              expectWithin(found, hidden.flat(), vectorsOf(bounds)[place])
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
