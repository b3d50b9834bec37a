/**
 * Reading what a user writes for a box: the meaning checked against the wires, labelled by its content, ready to be sampled from.
 */
import { type Either, isLeft, left, map, right } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { match } from 'ts-pattern'

import { cardinality, showWire, type Wire, type Wires } from '../../../dsl/object.js'
import { problem, type Problem } from '../../../dsl/problem.js'
import { matrix } from '../../linear-algebra/matrix.js'
import { FinSet, type Images } from '../fin-set.js'
import { FinStoch, type Rows, type StochasticMatrix } from '../fin-stoch.js'
import { elementTuple } from '../finite-element.js'
import { type FiniteObject, sizeOfObject } from '../finite-object.js'
import { Gauss, type GaussianMeaning } from '../gauss.js'
import { dimensionOf, type RealObject } from '../real-object.js'
import { covarianceFactor } from './covariance-factor.js'
import { type LabelledMeaning, nested, type SampledFunction, type SamplerMeaning, writtenGaussian } from './meaning.js'

/** A finite set of more elements has no numbers for them in a column. */
export const mostElements = 2 ** 31 - 1

/** What keeps a wire from being sampled, if anything does. */
export const wireProblem = (wire: Wire): Problem | undefined => {
  const size = cardinality(wire)
  return size === undefined || size <= mostElements
    ? undefined
    : problem(
        'unsupported',
        `wire ${showWire(wire)}`,
        `its ${size} elements are more than ${mostElements}`,
        'use several wires',
      )
}

/** The meaning if it fits the wires and is what it says it is. */
export const checkMeaning = (
  meaning: SamplerMeaning,
  domain: Wires,
  codomain: Wires,
  where: string,
): Either<Problem, LabelledMeaning> => {
  const unfit = [...domain, ...codomain].map(wireProblem).find((found) => found !== undefined)
  if (unfit !== undefined) return left(unfit)
  const between = <A>(
    object: (wires: Wires, where: string) => Either<Problem, readonly number[]>,
    then: (from: readonly number[], to: readonly number[]) => Either<Problem, A>,
  ): Either<Problem, A> => {
    const from = object(domain, where)
    if (isLeft(from)) return from
    const to = object(codomain, where)
    return isLeft(to) ? to : then(from.right, to.right)
  }
  const kernel = (rows: Rows): Either<Problem, LabelledMeaning> =>
    between(finiteSizes, (from, to) => pipe(FinStoch.read(rows, from, to, where), map(labelledRows)))
  if (isRows(meaning)) return kernel(meaning)
  if (!('kind' in meaning)) return between(dimensions, (from, to) => checkGaussian(meaning, from, to, where))
  return match(meaning)
    .with({ kind: 'finite-kernel' }, ({ rows }) => kernel(rows))
    .with({ kind: 'finite-function' }, ({ values }) =>
      between(finiteSizes, (from, to) => checkTable(values, from, to, where)),
    )
    .with({ kind: 'function' }, (sampled) => right(labelledFunction(sampled)))
    .exhaustive()
}

const isRows = (meaning: SamplerMeaning): meaning is Rows => Array.isArray(meaning)

/** The sizes of finite wires. */
const finiteSizes = (wires: Wires, where: string): Either<Problem, FiniteObject> => {
  const vectors = wires.find((wire) => wire.kind === 'real')
  return vectors === undefined
    ? right(wires.map((wire) => cardinality(wire)!))
    : misfit(where, vectors, 'is no finite set, and the meaning is one of finite sets', 'give a Gaussian map')
}

/** The dimensions of real wires. */
const dimensions = (wires: Wires, where: string): Either<Problem, RealObject> => {
  const finite = wires.find((wire) => wire.kind !== 'real')
  return finite === undefined
    ? right(wires.map((wire) => (wire.kind === 'real' ? wire.dimension : 0)))
    : misfit(where, finite, 'is finite, and the meaning is a Gaussian map', 'give rows of probabilities')
}

const misfit = (where: string, wire: Wire, what: string, remedy: string): Either<Problem, never> =>
  left(problem('invalid-value', where, `its wire ${showWire(wire)} ${what}`, `${remedy}, or a function`))

/** Sizes or dimensions are a part of the label: it says all about the morphism but the names of the wires. */
const ends = (domain: readonly number[], codomain: readonly number[]): string =>
  `[${domain.join(', ')}] -> [${codomain.join(', ')}]`

const labelledRows = (kernel: StochasticMatrix): LabelledMeaning => {
  const { domain, codomain, entries } = kernel
  // A 0-1 matrix is a function, and is the same box as its table.
  const [height, width] = [sizeOfObject(domain), sizeOfObject(codomain)]
  if (entries.every((entry) => entry === 0 || entry === 1))
    return labelledTable(domain, codomain, (x) => entries.indexOf(1, x * width) - x * width)
  return {
    label: `rows ${ends(domain, codomain)} ${JSON.stringify(nested(entries, height))}`,
    deterministic: false,
    meaning: { kind: 'finite-kernel', rows: kernel, cumulative: cumulate(kernel) },
  }
}

const labelledTable = (
  domain: FiniteObject,
  codomain: FiniteObject,
  imageOf: (element: number) => number,
): LabelledMeaning => {
  const height = sizeOfObject(domain)
  const values = new Int32Array(height * codomain.length)
  for (let x = 0; x < height; x++) values.set(elementTuple(codomain, imageOf(x)), x * codomain.length)
  return {
    label: `table ${ends(domain, codomain)} ${JSON.stringify(nested(values, height))}`,
    deterministic: true,
    meaning: { kind: 'finite-function', domain, values },
  }
}

const labelledFunction = (sampled: SampledFunction): LabelledMeaning => ({
  label: `function ${sampled.name}`,
  deterministic: sampled.deterministic ?? false,
  meaning: sampled,
})

const cumulate = ({ domain, codomain, entries }: StochasticMatrix): Float64Array => {
  const [height, width] = [sizeOfObject(domain), sizeOfObject(codomain)]
  const sums = new Float64Array(entries.length)
  for (let x = 0; x < height; x++) {
    let sum = 0
    let last = x * width
    for (let y = x * width; y < (x + 1) * width; y++) {
      sum += entries[y]!
      sums[y] = sum
      if (entries[y]! > 0) last = y
    }
    // A row sums to one up to rounding.
    for (let y = x * width; y < last; y++) sums[y]! /= sum
    sums.fill(Infinity, last, (x + 1) * width)
  }
  return sums
}

const checkTable = (
  values: Images,
  domain: FiniteObject,
  codomain: FiniteObject,
  where: string,
): Either<Problem, LabelledMeaning> =>
  pipe(
    FinSet.read(values, domain, codomain, where),
    map(({ images }) => labelledTable(domain, codomain, (x) => images[x]!)),
  )

const checkGaussian = (
  meaning: GaussianMeaning,
  domain: RealObject,
  codomain: RealObject,
  where: string,
): Either<Problem, LabelledMeaning> =>
  pipe(
    Gauss.read(meaning, domain, codomain, where),
    map((gaussian) => {
      const n = dimensionOf(codomain)
      return {
        label: `gaussian ${ends(domain, codomain)} ${JSON.stringify(writtenGaussian(gaussian))}`,
        deterministic: gaussian.covariance.every((entry) => entry === 0),
        meaning: { kind: 'gaussian', map: gaussian, factor: covarianceFactor(matrix(n, n, gaussian.covariance)) },
      }
    }),
  )
