/**
 * The ledger along any chain of deterministic stages x -> s_1 -> ... -> s_m, the last of which the head reads: where on the way a model
 * loses its Kullback-Leibler divergence from the data.
 *
 *     E KL(P_x || q_x) = I(W; X | s_1) + I(W; s_1 | s_2) + ... + I(W; s_m-1 | s_m) + E KL(P(. | s_m) || q)
 *
 * ```
 *   [mu]── X ──●── s_1 ── s_2 ── ... ── s_m ──[k_head]── W      the model: k_gen after mu
 *              └─[k_data]── W                                   the data
 * ```
 * An identity, and every line is at least zero: the data-processing inequality, sharpened. Where no stage merges contexts all lines but
 * the last are zero, as for real transformers, whose encoders are injective; then only probes tell layers apart.
 *
 * Source: Y. Zhang, "A Markov Categorical Framework for Language Modeling" (arXiv 2507.19247), whose chain is k_emb, k_bb, k_head.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import { compensatedSum } from '../linear-algebra/compensated-sum.js'
import { divergence, kullbackLeibler } from '../information/divergence.js'
import { kernelInformation } from '../information/mutual-information.js'
import { nonnegative } from '../information/rounding.js'
import type { DataKernel } from './data-kernel.js'
import { type Classes, classesOf, givenClass, type GivenClass } from './encoding-classes.js'

/** A stage of a deterministic chain: which contexts it merges, as a class number for each of the n contexts. */
export interface LedgerStage {
  /** What it is called in messages and reports, such as 'layer 3'. */
  readonly name: string
  readonly classes: ArrayLike<number>
}

export interface LedgerLine {
  readonly name: string
  /** I(W; stage before | this stage), nats: at least zero. */
  readonly loss: number
  /** I(W; this stage), nats: that of the stage before, less the loss. */
  readonly information: number
  /** How many classes of contexts it tells apart. */
  readonly distinct: number
}

export interface ChainLedger {
  /** E KL(P_x || q_x), nats, computed context by context. */
  readonly divergence: number
  /** I(W; X), nats. */
  readonly information: number
  /** One for each stage, in its order. */
  readonly lines: readonly LedgerLine[]
  /** E KL(P(. | last stage) || q), nats: at least zero. */
  readonly headLoss: number
  /** divergence - (all losses + headLoss): zero. */
  readonly residual: number
}

const where = 'ledger'

/**
 * The ledger of a chain of stages and of predictions (n x V, nats) that are a function of the last one.
 *
 * Errors: class numbers or log-probabilities of other lengths; weights that are no law; a stage that is no function of the one before; predictions that differ
 * where the last stage does not; a symbol that occurs and is predicted with probability zero.
 *
 * @example
 * const kernel = { symbols: ['a', 'b'], weights: Float64Array.of(0.5, 0.5), next: Float64Array.of(1, 0, 0, 1) }
 * const even = Float64Array.of(0.5, 0.5, 0.5, 0.5).map(Math.log)
 * const { divergence, lines, headLoss } = toUnion(chainLedger(kernel, [{ name: 'h', classes: [0, 0] }], even))
 * divergence // => 0.6931471805599453
 * lines // => [{ name: 'h', loss: 0.6931471805599453, information: 0, distinct: 1 }]
 * headLoss // => 0
 */
export const chainLedger = (
  kernel: Pick<DataKernel, 'symbols' | 'weights' | 'next'>,
  stages: readonly LedgerStage[],
  logProbabilities: Float64Array,
): Either<Problem, ChainLedger> => {
  const { symbols, weights, next } = kernel
  const [count, width] = [weights.length, symbols.length]
  const wrongLength = wrongLengths(count, width, stages, logProbabilities)
  if (wrongLength !== undefined) return left(wrongLength)
  const wrongMass = wrongWeights(weights) ?? wrongLogs(width, logProbabilities)
  if (wrongMass !== undefined) return left(wrongMass)

  const lines: LedgerLine[] = []
  let classes: Classes = { of: Int32Array.from({ length: count }, (_, x) => x), count }
  let before: GivenClass = { masses: weights, features: next }
  for (const [place, { name, classes: given }] of stages.entries()) {
    const stage = classesOf(Float64Array.from(given), count)
    const map = mergingMap(classes, stage)
    if (isLeft(map))
      return left(
        problem(
          'invalid-value',
          `${where}, context ${map.left}`,
          `another context has its ${stages[place - 1]!.name} and not its ${name}`,
          `give a ${name} that is a function of the ${stages[place - 1]!.name}`,
        ),
      )
    const after = givenClass(before.features, before.masses, map.right)
    lines.push({
      name,
      loss: meanOver(before.masses, (c) =>
        divergence(kullbackLeibler, rowOf(before.features, c, width), rowOf(after.features, map.right.of[c]!, width)),
      ),
      information: kernelInformation(after.masses, after.features),
      distinct: stage.count,
    })
    classes = stage
    before = after
  }

  const wrong = wrongPredictions(kernel, classes, stages[stages.length - 1]?.name ?? 'context', logProbabilities)
  if (wrong !== undefined) return left(wrong)
  const headLoss = meanOver(weights, (x) =>
    relativeEntropy(rowOf(before.features, classes.of[x]!, width), rowOf(logProbabilities, x, width)),
  )
  const total = meanOver(weights, (x) => relativeEntropy(rowOf(next, x, width), rowOf(logProbabilities, x, width)))
  return right({
    divergence: total,
    information: kernelInformation(weights, next),
    lines,
    headLoss,
    residual: total - (lines.reduce((sum, { loss }) => sum + loss, 0) + headLoss),
  })
}

/** KL(p || q) from p and log q, nats. */
export const relativeEntropy = (p: Float64Array, logQ: Float64Array): number => {
  let sum = 0
  for (let w = 0; w < p.length; w++) if (p[w]! > 0) sum += p[w]! * (Math.log(p[w]!) - logQ[w]!)
  return nonnegative(sum)
}

const rowOf = (entries: Float64Array, row: number, width: number): Float64Array =>
  entries.subarray(row * width, (row + 1) * width)

const meanOver = (weights: Float64Array, of: (row: number) => number): number => {
  const sum = compensatedSum()
  weights.forEach((weight, row) => {
    if (weight > 0) sum.add(weight * of(row))
  })
  return sum.total()
}

/** The coarse class of each fine class; or the first context whose fine class holds contexts of another coarse one. */
const mergingMap = (fine: Classes, coarse: Classes): Either<number, Classes> => {
  const image = new Int32Array(fine.count).fill(-1)
  const split = fine.of.findIndex((c, context) => {
    if (image[c] === -1) image[c] = coarse.of[context]!
    return image[c] !== coarse.of[context]!
  })
  return split === -1 ? right({ of: image, count: coarse.count }) : left(split)
}

const wrongLengths = (
  count: number,
  width: number,
  stages: readonly LedgerStage[],
  logProbabilities: Float64Array,
): Problem | undefined =>
  logProbabilities.length === count * width && stages.every(({ classes }) => classes.length === count)
    ? undefined
    : problem(
        'invalid-value',
        where,
        'an array does not have one row for each context',
        `give ${count} class numbers for each stage and ${count} x ${width} log-probabilities`,
      )

const wrongWeights = (weights: Float64Array): Problem | undefined => {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return Math.abs(total - 1) <= 1e-6 && weights.every((weight) => weight >= 0)
    ? undefined
    : problem(
        'invalid-value',
        where,
        `the weights of the contexts are no law: they sum to ${total}`,
        'give weights of at least zero that sum to one',
      )
}

const wrongLogs = (width: number, logProbabilities: Float64Array): Problem | undefined => {
  const place = logProbabilities.findIndex((log) => !(log <= 1e-9))
  return place === -1
    ? undefined
    : problem(
        'invalid-value',
        `${where}, context ${Math.floor(place / width)}, symbol ${place % width}`,
        `its log-probability is ${logProbabilities[place]}`,
        'give logarithms of probabilities, in nats',
      )
}

/** How far the predictions of contexts in one class may differ, in log-probability. */
const predictionTolerance = 1e-9

const wrongPredictions = (
  { symbols, next }: Pick<DataKernel, 'symbols' | 'next'>,
  classes: Classes,
  name: string,
  logProbabilities: Float64Array,
): Problem | undefined => {
  const width = symbols.length
  const first = new Int32Array(classes.count).fill(-1)
  const unlike = classes.of.findIndex((c, context) => {
    if (first[c] === -1) first[c] = context
    for (let w = 0; w < width; w++) {
      const [a, b] = [logProbabilities[context * width + w]!, logProbabilities[first[c]! * width + w]!]
      if (a !== b && !(Math.abs(a - b) <= predictionTolerance)) return true
    }
    return false
  })
  if (unlike !== -1)
    return problem(
      'invalid-value',
      `${where}, context ${unlike}`,
      `another context has its ${name} and not its prediction`,
      `give predictions that are a function of the ${name}`,
    )
  const impossible = logProbabilities.findIndex((value, index) => next[index]! > 0 && !Number.isFinite(value))
  return impossible === -1
    ? undefined
    : problem(
        'invalid-value',
        `${where}, context ${Math.floor(impossible / width)}, symbol ${impossible % width}`,
        `its log-probability is ${logProbabilities[impossible]} and it occurs`,
        'give every symbol that occurs a positive probability',
      )
}
