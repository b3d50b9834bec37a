/**
 * Rejection sampling: draws from a morphism, of which those that agree with what was observed are kept.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { showWire } from '../../../dsl/object.js'
import { problem, type Problem } from '../../../dsl/problem.js'
import { type Estimate, noDrawAgreed, type Observed, readEvidence, type SampleEvidence } from './evidence.js'
import type { SamplerMorphism } from './morphism.js'
import { sample } from './run.js'
import type { SampleColumn, GivenValue, SampleOptions, Samples } from './samples.js'

/** Independent draws from the conditional law of all outputs given the observed ones. */
export interface RejectionSamples {
  /** The draws that agreed. */
  readonly samples: Samples
  /** How many draws were made. */
  readonly draws: number
  /** The probability of what was observed: the share of the draws that agreed. */
  readonly evidence: Estimate
}

/**
 * Makes `count` draws, and keeps those in which the observed outputs have the observed values; these are finite.
 *
 * Errors: those of `sample`; `unknown-name`, `out-of-range` or `invalid-value` for what is no value of an output; `unsupported` for a
 * real one; `impossible-evidence` where no draw agreed, which is a measurement, and no proof.
 *
 * @example
 * const Coin = finite('Coin', ['heads', 'tails'])
 * const flips = toUnion(Sampler.read([[0.4, 0.1, 0.1, 0.4]], [], [Coin, Coin], 'flips'))
 * const given = toUnion(rejectionSample(flips, [], [{ output: 0, observed: 'tails' }], { seed: 1, count: 10000 }))
 * toUnion(convergence(given.samples, [0, 0, 0.2, 0.8], 1e-6)).agrees // => true
 */
export const rejectionSample = (
  f: SamplerMorphism,
  inputs: readonly GivenValue[],
  evidence: readonly SampleEvidence[],
  options: SampleOptions,
): Either<Problem, RejectionSamples> => {
  const observed = readEvidence(f.diagram, evidence)
  if (isLeft(observed)) return observed
  const vectors = observed.right.find(({ value }) => typeof value !== 'number')
  if (vectors !== undefined)
    return left(
      problem(
        'unsupported',
        `output ${vectors.port}, ${showWire(f.diagram.outputs[vectors.port]!)}`,
        'draws of a real vector space do not agree with a value to the last digit',
        'use importanceSample',
      ),
    )
  const drawn = sample(f, inputs, options)
  if (isLeft(drawn)) return drawn
  const { columns, count } = drawn.right
  const kept = agreeing(drawn.right, observed.right)
  if (kept.length === 0) return noDrawAgreed(count)
  const share = kept.length / count
  return right({
    samples: { ...drawn.right, count: kept.length, columns: columns.map((column) => pick(column, kept)) },
    draws: count,
    evidence: { kind: 'measurement', value: share, standardError: Math.sqrt((share * (1 - share)) / count) },
  })
}

/** The numbers of the draws that have all the observed values. */
const agreeing = ({ columns, count }: Samples, observed: readonly Observed[]): readonly number[] => {
  const kept: number[] = []
  for (let draw = 0; draw < count; draw++) {
    const agrees = observed.every(({ port, value }) => {
      const column = columns[port]!
      return column.kind === 'finite' && column.elements[draw] === value
    })
    if (agrees) kept.push(draw)
  }
  return kept
}

/** Some of the draws of a column. */
const pick = (column: SampleColumn, draws: readonly number[]): SampleColumn => {
  if (column.kind === 'finite')
    return { kind: 'finite', elements: Int32Array.from(draws, (draw) => column.elements[draw]!) }
  const { dimension, entries } = column
  const picked = new Float64Array(draws.length * dimension)
  draws.forEach((draw, to) => picked.set(entries.subarray(draw * dimension, (draw + 1) * dimension), to * dimension))
  return { kind: 'real', dimension, entries: picked }
}
