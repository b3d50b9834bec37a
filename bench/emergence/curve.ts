/**
 * Trainings under an exact law as curves: what a model says at some of its steps, with the identities that hold at each.
 */
import type { NextTokens } from '../../src/language-model/calibration.js'
import type { DataKernel } from '../../src/language-model/data-kernel.js'
import { chainLedger, relativeEntropy } from '../../src/language-model/chain-ledger.js'
import { classesOf } from '../../src/language-model/encoding-classes.js'
import { headCalibration } from '../../src/language-model/head-calibration.js'
import type { Head } from '../../src/language-model/head-divergence.js'
import type { Architecture, TableShape } from '../../src/language-model/model.js'
import { conditionalEntropy } from '../../src/language-model/nll-identities.js'
import { forwardOnLaw, objectiveOf } from '../../src/language-model/objective.js'
import { namedParameters, parameterNamed } from '../../src/language-model/parameter-layout.js'
import { inFloat64 } from '../../src/language-model/products.js'
import { beginTraining, continueTraining } from '../../src/language-model/training-run.js'
import { minimise, type Minimum } from '../../src/linear-algebra/lbfgs.js'
import { standardNormals } from '../../src/linear-algebra/standard-normal.js'
import { orThrow } from './texts.js'

/** A model at a step, all in nats but its states. */
export interface CurvePoint {
  readonly step: number
  readonly divergence: number
  /** NLL - Hbar, Hbar the mean entropy of the head. */
  readonly overconfidence: number
  /** Hbar - H_data. */
  readonly excess: number
  /**
   * The largest of |NLL - KL - H_data|, |NLL - Hbar - <W, grad_W> - <b, grad_b>| and |KL - I(W; X | H) - head loss|, the ledger's:
   * identities.
   */
  readonly residual: number
  /** n x D. */
  readonly hidden: Float64Array
}

/** The head of tables and MLPs, and of transformers with a head of their own. */
export const headOf = (architecture: Architecture, parameters: Float64Array): Head => {
  const named = namedParameters(architecture, parameters)
  return {
    headWeights: (named.get('headWeights') ?? parameterNamed(named, 'embedding')).entries,
    headBias: named.get('headBias')?.entries ?? new Float64Array(architecture.symbols),
  }
}

/** What a model of any architecture says of a law. */
export const pointAt = (
  architecture: Architecture,
  parameters: Float64Array,
  kernel: DataKernel,
  step: number,
): CurvePoint => {
  const { hidden, logProbabilities } = forwardOnLaw(architecture, parameters, kernel)
  const { weights, next } = kernel
  const laws: NextTokens = { kind: 'laws', laws: next }
  const { nll, entropy, eulerResidual } = headCalibration(headOf(architecture, parameters), {
    hidden,
    next: laws,
    weights,
  })
  const width = architecture.symbols
  const row = (rows: Float64Array, x: number) => rows.subarray(x * width, (x + 1) * width)
  const divergence = weights.reduce(
    (sum, weight, x) => sum + weight * relativeEntropy(row(next, x), row(logProbabilities, x)),
    0,
  )
  const dataEntropy = conditionalEntropy(kernel)
  const stage = { name: 'hidden state', classes: classesOf(hidden, weights.length).of }
  const ledger = orThrow(chainLedger(kernel, [stage], logProbabilities))
  return {
    step,
    divergence,
    overconfidence: nll - entropy,
    excess: entropy - dataEntropy,
    residual: Math.max(...[nll - divergence - dataEntropy, eulerResidual, ledger.residual].map(Math.abs)),
    hidden: hidden.slice(),
  }
}

export interface AdamSettings {
  readonly seed: number
  readonly steps: number
  readonly learningRate: number
}

/** A training by Adam on a law, watched at some steps; `target` is the law that is learnt, where it is another one. */
export const adamCurve = async (
  architecture: Architecture,
  kernel: DataKernel,
  settings: AdamSettings,
  at: readonly number[],
  target: DataKernel = kernel,
): Promise<{ readonly points: readonly CurvePoint[]; readonly parameters: Float64Array }> => {
  const points: CurvePoint[] = []
  const trained = await continueTraining(
    orThrow(beginTraining(architecture, settings)),
    { kind: 'law', kernel: target },
    {
      onStep: ({ step, parameters }) => {
        if (at.includes(step)) points.push(pointAt(architecture, parameters, kernel, step))
      },
    },
  )
  return { points, parameters: orThrow(trained).parameters }
}

/** Everything normal with this deviation but the head's bias, which is zero. */
const smallStart = (table: TableShape, deviation: number, seed: number): Float64Array => {
  const flat = new Float64Array((table.contexts + table.symbols) * table.hidden + table.symbols)
  const drawn = flat.subarray(0, flat.length - table.symbols)
  standardNormals(seed)(drawn)
  drawn.forEach((x, index) => (drawn[index] = x * deviation))
  return flat
}

export interface DescentSettings extends AdamSettings {
  readonly deviation: number
}

/** Plain gradient descent of a table from a small start. */
export const descentCurve = (
  table: TableShape,
  kernel: DataKernel,
  { seed, steps, learningRate, deviation }: DescentSettings,
  at: readonly number[],
): readonly CurvePoint[] => {
  const objective = orThrow(objectiveOf(table, { kind: 'law', kernel }, seed))
  const parameters = smallStart(table, deviation, seed)
  const gradient = new Float64Array(parameters.length)
  const points: CurvePoint[] = []
  for (let step = 0; step <= steps; step++) {
    if (at.includes(step)) points.push(pointAt(table, parameters, kernel, step))
    inFloat64(objective(step, parameters, gradient))
    gradient.forEach((slope, index) => (parameters[index]! -= learningRate * slope))
  }
  return points
}

export interface RidgeOptimum {
  readonly minimum: Minimum
  readonly point: CurvePoint
  /** |W|^2 and E |h|^2. */
  readonly headSquares: number
  readonly stateSquares: number
}

/** The least NLL + ridge / 2 (|W|^2 + E |h|^2) of a table, by L-BFGS from a seed's start: a stationary point. */
export const ridgeOptimum = (
  table: TableShape,
  kernel: DataKernel,
  ridge: number,
  seed: number,
  mostIterations: number,
): RidgeOptimum => {
  const objective = orThrow(objectiveOf(table, { kind: 'law', kernel }, seed))
  const { weights } = kernel
  const states = table.contexts * table.hidden
  const heads = states + table.symbols * table.hidden
  const weightAt = (index: number): number =>
    index < states ? weights[Math.floor(index / table.hidden)]! : index < heads ? 1 : 0
  const squares = (flat: Float64Array, from: number, to: number): number => {
    let sum = 0
    for (let index = from; index < to; index++) sum += weightAt(index) * flat[index]! ** 2
    return sum
  }
  const minimum = minimise(
    (flat, gradient) => {
      const nll = inFloat64(objective(0, flat, gradient))
      for (let index = 0; index < heads; index++) gradient[index]! += ridge * weightAt(index) * flat[index]!
      return nll + (ridge / 2) * squares(flat, 0, heads)
    },
    smallStart(table, 0.3, seed),
    { gradientTolerance: 1e-9, mostIterations },
  )
  return {
    minimum,
    point: pointAt(table, minimum.point, kernel, minimum.iterations),
    headSquares: squares(minimum.point, states, heads),
    stateSquares: squares(minimum.point, 0, states),
  }
}
