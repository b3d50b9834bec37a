/**
 * Importance sampling by likelihood weighting: observed boxes are not drawn but set, and each draw is weighted by their likelihood.
 *
 * Source: R. Fung and K.-C. Chang, "Weighing and integrating evidence for stochastic simulation in Bayesian networks" (1990).
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import type { NormalForm } from '../../../dsl/normal-form.js'
import { showWire } from '../../../dsl/object.js'
import { problem, type Problem } from '../../../dsl/problem.js'
import { type Clamp, clampedStepOf, splitGaussian } from './clamped-step.js'
import { type Estimate, noDrawAgreed, type Observed, readEvidence, type SampleEvidence } from './evidence.js'
import type { SampleValue } from './meaning.js'
import { formOf, meaningOf, type SamplerMorphism } from './morphism.js'
import { largestBlock, run } from './run.js'
import {
  checkOptions,
  emptyColumn,
  type GivenValue,
  readInputs,
  type SampleOptions,
  type Samples,
  writeColumn,
} from './samples.js'
import { stepOf } from './step.js'

/** Weighted draws from the conditional law of all outputs given the observed ones. */
export interface ImportanceSamples {
  readonly samples: Samples
  /** The logarithm of the likelihood of what was observed in each draw, in nats. */
  readonly logWeights: Float64Array
  /** The same as shares: they sum to one. */
  readonly weights: Float64Array
  /** (sum of w)^2 / sum of w^2: how many draws without weights tell as much. */
  readonly effectiveSampleSize: number
  /**
   * The logarithm of the probability of what was observed, a density where real outputs are, in nats: that of the mean weight, with
   * the standard error that follows from the weights by the delta method.
   */
  readonly logEvidence: Estimate
}

/**
 * Makes `count` weighted draws given the values of some outputs.
 *
 * An observed output that comes straight from a box with rows, or from a Gaussian box that gives it a density, is set, and weighs by
 * its likelihood; what else the box gives is drawn given what is set. Other observed outputs, which must be finite, are drawn and
 * compared, as by rejection.
 *
 * Errors: those of `sample`; `unknown-name`, `out-of-range` or `invalid-value` for what is no value of an output; `unsupported` for a
 * real output without a density; `impossible-evidence` where no draw agreed, which is a measurement, and no proof, or where an input
 * or a copy of the same wire has another value.
 *
 * @example
 * const Coin = finite('Coin', ['heads', 'tails'])
 * const flips = toUnion(Sampler.read([[0.4, 0.1, 0.1, 0.4]], [], [Coin, Coin], 'flips'))
 * const given = toUnion(importanceSample(flips, [], [{ output: 0, observed: 'tails' }], { seed: 1, count: 100 }))
 * Math.exp(given.logEvidence.value) // => 0.5
 * given.effectiveSampleSize // => 100
 */
export const importanceSample = (
  f: SamplerMorphism,
  inputs: readonly GivenValue[],
  evidence: readonly SampleEvidence[],
  options: SampleOptions,
): Either<Problem, ImportanceSamples> => {
  const values = readInputs(f.diagram.inputs, inputs)
  if (isLeft(values)) return values
  const checked = checkOptions(options)
  if (isLeft(checked)) return checked
  const observed = readEvidence(f.diagram, evidence)
  if (isLeft(observed)) return observed
  const form = formOf(f)
  const known = knownWires(form, values.right, observed.right)
  if (isLeft(known)) return known
  const clamps = clampsOf(form, known.right)
  if (isLeft(clamps)) return clamps

  const { count } = options
  const wires = f.diagram.outputs
  const columns = wires.map((wire) => emptyColumn(wire, count))
  const logWeights = new Float64Array(count)
  const blockWeights = new Float64Array(Math.min(count, largestBlock))
  run(
    form,
    values.right,
    checked.right,
    (placed) => {
      const clamp = clamps.right.get(placed.place)
      return clamp === undefined ? stepOf(placed) : clampedStepOf(placed, clamp, blockWeights)
    },
    (block, start, length) => {
      columns.forEach((column, index) => writeColumn(column, start, block[index]!, length))
      logWeights.set(blockWeights.subarray(0, length), start)
      blockWeights.fill(0)
    },
  )
  return weigh({ wires, count, columns }, logWeights)
}

/** The values of the inputs and of the observed wires; a problem where one wire would need two values. */
const knownWires = (
  { inputCount, outputs }: NormalForm,
  inputs: readonly SampleValue[],
  observed: readonly Observed[],
): Either<Problem, ReadonlyMap<number, SampleValue>> => {
  const known = new Map<number, SampleValue>(inputs.entries())
  for (const { port, value } of observed) {
    const wire = outputs[port]!
    const earlier = known.get(wire)
    if (earlier !== undefined && !sameValue(earlier, value))
      return left(
        problem(
          'impossible-evidence',
          `output ${port}`,
          `it is observed as ${String(value)}, and it is a copy of ${wire < inputCount ? 'an input' : 'an output'} that is ${String(earlier)}`,
          'give a wire one value only',
        ),
      )
    known.set(wire, value)
  }
  return right(known)
}

const sameValue = (a: SampleValue, b: SampleValue): boolean =>
  typeof a === 'number' || typeof b === 'number'
    ? a === b
    : a.length === b.length && a.every((entry, index) => entry === b[index])

/** What the outputs of each box are set to, by the place of the box. */
const clampsOf = (
  { boxes, outputs }: NormalForm,
  known: ReadonlyMap<number, SampleValue>,
): Either<Problem, ReadonlyMap<number, Clamp>> => {
  const clamps = new Map<number, Clamp>()
  for (const [place, { box, firstOutput }] of boxes.entries()) {
    const clamp = box.outputs.map((_, port) => known.get(firstOutput + port))
    if (clamp.every((value) => value === undefined)) continue
    clamps.set(place, clamp)
    const vector = clamp.findIndex((value) => typeof value === 'object')
    if (vector === -1) continue
    const meaning = meaningOf(box)
    if (meaning.kind === 'gaussian' && splitGaussian(meaning, box.outputs, clamp)._tag === 'Right') continue
    return left(
      problem(
        'unsupported',
        `output ${outputs.indexOf(firstOutput + vector)}, ${showWire(box.outputs[vector]!)}`,
        'it does not come straight from a Gaussian box that gives it a density',
        'observe an output that does, or give its box noise in every direction',
      ),
    )
  }
  return right(clamps)
}

/** The weights as shares, and what they say. Sums are of weights relative to the largest, which neither overflow nor vanish. */
const weigh = (samples: Samples, logWeights: Float64Array): Either<Problem, ImportanceSamples> => {
  const { count } = samples
  const largest = logWeights.reduce((most, weight) => Math.max(most, weight), -Infinity)
  if (largest === -Infinity) return noDrawAgreed(count)
  const relative = logWeights.map((weight) => Math.exp(weight - largest))
  let [sum, squares] = [0, 0]
  for (const weight of relative) {
    sum += weight
    squares += weight * weight
  }
  const effectiveSampleSize = (sum * sum) / squares
  return right({
    samples,
    logWeights,
    weights: relative.map((weight) => weight / sum),
    effectiveSampleSize,
    logEvidence: {
      kind: 'measurement',
      value: largest + Math.log(sum / count),
      standardError: Math.sqrt(Math.max(0, count / effectiveSampleSize - 1) / Math.max(1, count - 1)),
    },
  })
}
