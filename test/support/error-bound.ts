/**
 * How far a plan's kernels may be from the truth: a running error analysis of its steps, entry by entry.
 *
 * Every product and every sum of two numbers is rounded, with a relative error of at most `roundoff`. A sum of n products of numbers that
 * are not negative thus has a relative error of at most n u / (1 - n u), whatever the order, above that of its terms: there is no
 * cancellation. What a result that is too small for a normal number loses is at most `smallest`. (Higham, Accuracy and Stability of
 * Numerical Algorithms, sections 3.1 and 4.2.)
 */
import { type NumericMeanings, numericMeaning } from '../../src/compile/meaning.js'
import type { Operation } from '../../src/compile/operation.js'
import { parameterEntries } from '../../src/compile/parameters.js'
import type { Plan, Tensor } from '../../src/compile/plan.js'
import { applyReference, runReference } from '../../src/compile/reference.js'

/** What a backend promises of its arithmetic. */
export interface Arithmetic {
  /** The relative error of a product or a sum. */
  readonly roundoff: number
  /** How many of the operations of a sum of n products are rounded so. */
  readonly roundings: (terms: number) => number
  /** What a number loses by being too small: subnormal numbers may be taken for zero. */
  readonly smallest: number
  /** The relative error of the exponential of a number that is not positive. */
  readonly exponential: (exponent: number) => number
  /** The relative error of the hyperbolic tangent. */
  readonly hyperbolicTangent: number
}

const unit = 2 ** -24
const smallestNormal = 2 ** -126

/** float64 within a kernel, float32 where its result is stored. */
const storedInFloat32: Arithmetic = {
  roundoff: unit * (1 + 1e-6),
  roundings: () => 1,
  smallest: smallestNormal,
  exponential: () => 2 * unit,
  hyperbolicTangent: 1e-6,
}
const float32: Arithmetic = { ...storedInFloat32, roundoff: unit, roundings: (terms) => terms }
/** A sum or product may be either of the two neighbours, and exp is off by up to 3 + 2 |x| units in the last place. */
const onGpu: Arithmetic = { ...float32, roundoff: 2 * unit, exponential: (x) => (3 + 2 * Math.abs(x)) * 2 * unit }

export const arithmeticOf = {
  cpu: storedInFloat32,
  // The exponential is that of src/compile/gpu-js/exponential.ts, with the errors that are written there.
  webasm: { ...float32, exponential: (x: number) => (x > -5 ? 4e-6 : x > -40 ? 2e-5 : 1e-4) },
  onnx: { ...float32, exponential: () => 4 * unit },
  // The least that WGSL and GLSL ES 3.2 promise.
  webgpu: onGpu,
  webgl2: onGpu,
} satisfies Readonly<Record<string, Arithmetic>>

/** For each tensor of a plan its entries in float64, and the most that the kernels' entries may be away from these. */
export interface Bounded {
  readonly exact: readonly Float64Array[]
  readonly errors: readonly Float64Array[]
}

export const errorBounds = (
  plan: Plan,
  meanings: NumericMeanings,
  inputs: readonly ArrayLike<number>[],
  arithmetic: Arithmetic,
): Bounded => {
  if (plan.loop !== undefined) throw new Error('errorBounds: a plan with a loop')
  const load = ({ source }: Tensor): ArrayLike<number> => {
    switch (source.kind) {
      case 'input':
        return inputs[source.port]!
      case 'parameter':
        return parameterEntries(source.box, numericMeaning(meanings[source.box.name]!), source.parameter)
      case 'one':
        return [1]
      default:
        throw new Error(`errorBounds: a tensor from a ${source.kind}`)
    }
  }
  const exact = runReference(plan, load)
  // What is handed over is rounded to float32.
  const errors: Float64Array[] = exact.map((entries) =>
    Float64Array.from(entries, (entry) =>
      entry === Math.fround(entry) && (entry === 0 || Math.abs(entry) >= smallestNormal)
        ? 0
        : Math.abs(entry) * unit + arithmetic.smallest,
    ),
  )
  for (const { operation, operands, result } of plan.steps)
    errors[result] = errorOf(
      operation,
      operands.map((tensor) => exact[tensor]!),
      operands.map((tensor) => errors[tensor]!),
      operands.map((tensor) => plan.tensors[tensor]!.columns),
      exact[result]!,
      arithmetic,
    )
  return { exact, errors }
}

const errorOf = (
  operation: Operation,
  values: readonly Float64Array[],
  errors: readonly Float64Array[],
  widths: readonly number[],
  result: Float64Array,
  { roundoff, roundings, smallest, exponential, hyperbolicTangent }: Arithmetic,
): Float64Array => {
  const gamma = (count: number): number => (count * roundoff) / (1 - count * roundoff)
  const largest = (place: number): Float64Array =>
    values[place]!.map((entry, at) => Math.abs(entry) + errors[place]![at]!)
  switch (operation.kind) {
    // What is looked up is not changed.
    case 'gather':
    case 'embed': {
      const table = operation.kind === 'embed' ? 1 : 0
      return applyReference(
        operation,
        values.map((entries, place) => (place === table ? errors[place]! : entries)),
        widths,
      )
    }
    case 'concatenate':
      return applyReference(operation, errors, widths)
    case 'contract': {
      const terms = operation.summed.reduce((product, size) => product * size, 1)
      const upper = applyReference(operation, [largest(0), largest(1)], widths)
      // A sum of zeros is zero.
      return upper.map((most, at) =>
        most === 0 ? 0 : most * (1 + gamma(roundings(terms))) + terms * smallest - result[at]!,
      )
    }
    case 'affine': {
      const { rows, inputs, outputs, activation } = operation
      const [x, weights, bias] = [largest(0), largest(1), largest(2)]
      return Float64Array.from({ length: rows * outputs }, (_, at) => {
        const [row, output] = [Math.floor(at / outputs), at % outputs]
        let [most, inherited] = [bias[output]!, errors[2]![output]!]
        for (let k = 0; k < inputs; k++) {
          const [i, j] = [row * inputs + k, output * inputs + k]
          most += x[i]! * weights[j]!
          inherited += errors[0]![i]! * weights[j]! + Math.abs(values[0]![i]!) * errors[1]![j]!
        }
        const error = inherited + gamma(roundings(inputs + 1)) * most + (inputs + 1) * smallest
        return activation === 'tanh' ? error + hyperbolicTangent * (Math.abs(result[at]!) + error) + smallest : error
      })
    }
    case 'log-sum-exp': {
      const { columns } = operation
      return result.map((normaliser, row) => {
        const [own, off] = [values[0]!, errors[0]!].map((all) => all.subarray(row * columns, (row + 1) * columns))
        const top = own!.reduce((a, b) => Math.max(a, b))
        // The largest exponential is 1 or nearly, so what is below float32 is nothing beside it. Where a new largest one is met, the sum
        // so far is scaled by an exponential: at most once for each four.
        const rescaled = Math.ceil(columns / 4) * (exponential(0) + 2 * roundoff)
        const relative = own!.reduce(
          (sum, logit) =>
            sum + Math.exp(logit - normaliser) * (exponential(logit - top) + (top - logit) * roundoff) + smallest * 4,
          gamma(columns) + rescaled,
        )
        const inherited = off!.reduce((a, b) => Math.max(a, b))
        // WGSL: the logarithm is off by 2^-21 where its argument is below two, and by three units in the last place beyond.
        return (
          inherited + 1.01 * relative + 2 ** -21 + 8 * unit * (normaliser - top) + 2 * roundoff * Math.abs(normaliser)
        )
      })
    }
    case 'normalise': {
      const { columns } = operation
      return result.map((probability, at) => {
        const row = Math.floor(at / columns)
        const exponent = values[0]![at]! - values[1]![row]!
        const shift = errors[0]![at]! + errors[1]![row]! + roundoff * Math.abs(exponent)
        return probability * (Math.expm1(shift) + Math.exp(shift) * exponential(exponent)) + 2 * smallest
      })
    }
    case 'exponent':
    case 'scale':
    case 'categorical-entropy':
      throw new Error(`errorBounds: ${operation.kind} is not analysed`)
  }
}
