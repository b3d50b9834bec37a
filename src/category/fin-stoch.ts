/**
 * FinStoch in float64: finite sets and row-stochastic matrices.
 *
 * An object is a list of cardinalities, its elements are numbered in row-major order (the last wire runs fastest); a morphism is a
 * flat row-major matrix whose row x is the distribution of the output given input x. Tensor is the Kronecker product, deterministic
 * morphisms are the 0-1 matrices.
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import { conditional, inverse } from './fin-stoch-conditional.js'
import { type FiniteObject, finiteObjectOf, sameFiniteObject, sizeOfObject, swapElement } from './finite-object.js'
import type { ConditionalMarkovCategory } from './markov-category.js'

export interface StochasticMatrix {
  readonly domain: FiniteObject
  readonly codomain: FiniteObject
  /** Row-major, size(domain) rows of size(codomain) probabilities. */
  readonly entries: Float64Array
}

/** A stochastic matrix as nested rows, one for each input. */
export type Rows = readonly (readonly number[])[]

/** How far the sum of a row may be from one: rounding in sums of a few thousand terms, and no more. */
export const rowSumTolerance = 1e-9
/** Two matrices are equal when no row differs by more than this in total variation. */
export const equalityBudget = 1e-9

const matrix = (domain: FiniteObject, codomain: FiniteObject): StochasticMatrix => ({
  domain,
  codomain,
  entries: new Float64Array(sizeOfObject(domain) * sizeOfObject(codomain)),
})

/** The matrix of a function on elements: a deterministic morphism. */
export const stochasticMap = (
  domain: FiniteObject,
  codomain: FiniteObject,
  f: (element: number) => number,
): StochasticMatrix => {
  const result = matrix(domain, codomain)
  const columns = sizeOfObject(codomain)
  for (let x = 0; x < sizeOfObject(domain); x++) result.entries[x * columns + f(x)] = 1
  return result
}

const seq = (f: StochasticMatrix, g: StochasticMatrix): StochasticMatrix => {
  if (!sameFiniteObject(f.codomain, g.domain))
    throw new Error(`FinStoch.seq: codomain [${f.codomain.join(', ')}] meets domain [${g.domain.join(', ')}]`)
  const result = matrix(f.domain, g.codomain)
  const [rows, inner, columns] = [sizeOfObject(f.domain), sizeOfObject(g.domain), sizeOfObject(g.codomain)]
  for (let x = 0; x < rows; x++)
    for (let y = 0; y < inner; y++) {
      const weight = f.entries[x * inner + y]!
      if (weight === 0) continue
      for (let z = 0; z < columns; z++) result.entries[x * columns + z]! += weight * g.entries[y * columns + z]!
    }
  return result
}

const par = (f: StochasticMatrix, g: StochasticMatrix): StochasticMatrix => {
  const result = matrix([...f.domain, ...g.domain], [...f.codomain, ...g.codomain])
  const [rowsF, columnsF] = [sizeOfObject(f.domain), sizeOfObject(f.codomain)]
  const [rowsG, columnsG] = [sizeOfObject(g.domain), sizeOfObject(g.codomain)]
  let position = 0
  for (let x = 0; x < rowsF; x++)
    for (let y = 0; y < rowsG; y++)
      for (let a = 0; a < columnsF; a++) {
        const weight = f.entries[x * columnsF + a]!
        if (weight !== 0)
          for (let b = 0; b < columnsG; b++) result.entries[position + b] = weight * g.entries[y * columnsG + b]!
        position += columnsG
      }
  return result
}

const validate = (f: StochasticMatrix): Either<Problem, StochasticMatrix> => checkRows(f, 'stochastic matrix')

const checkRows = (f: StochasticMatrix, where: string): Either<Problem, StochasticMatrix> => {
  const [rows, columns] = [sizeOfObject(f.domain), sizeOfObject(f.codomain)]
  if (f.entries.length !== rows * columns)
    return left(
      problem('invalid-value', where, `it has ${f.entries.length} entries`, `give ${rows} x ${columns} entries`),
    )
  for (let x = 0; x < rows; x++) {
    let sum = 0
    for (let y = 0; y < columns; y++) {
      const entry = f.entries[x * columns + y]!
      if (!(entry >= 0 && entry <= 1 + rowSumTolerance))
        return left(
          problem(
            'invalid-value',
            `${where}, row ${x}, column ${y}`,
            `${entry} is no probability`,
            'give numbers from 0 to 1',
          ),
        )
      sum += entry
    }
    if (!(Math.abs(sum - 1) <= rowSumTolerance))
      return left(problem('invalid-value', `${where}, row ${x}`, `the row sums to ${sum}`, 'make every row sum to one'))
  }
  return right(f)
}

const read = (
  rows: Rows,
  domain: FiniteObject,
  codomain: FiniteObject,
  where: string,
): Either<Problem, StochasticMatrix> => {
  const [height, width] = [sizeOfObject(domain), sizeOfObject(codomain)]
  if (rows.length !== height)
    return left(
      problem('invalid-value', where, `it has ${rows.length} rows`, `give one row for each of the ${height} inputs`),
    )
  const uneven = rows.findIndex((row) => row.length !== width)
  if (uneven !== -1)
    return left(
      problem(
        'invalid-value',
        `${where}, row ${uneven}`,
        `the row has ${rows[uneven]!.length} entries`,
        `give one probability for each of the ${width} outputs`,
      ),
    )
  return checkRows({ domain, codomain, entries: Float64Array.from(rows.flat()) }, where)
}

/** The largest total variation distance between two rows of the same input. */
export const distance = (f: StochasticMatrix, g: StochasticMatrix): number => {
  const columns = sizeOfObject(f.codomain)
  let largest = 0
  for (let start = 0; start < f.entries.length; start += columns) {
    let sum = 0
    for (let y = start; y < start + columns; y++) sum += Math.abs(f.entries[y]! - g.entries[y]!)
    // Written so that a NaN is a distance too.
    if (!(sum / 2 <= largest)) largest = sum / 2
  }
  return largest
}

/** The total variation distance between f ; copy and copy ; (f ⊗ f), which for a row p is 1 - sum p^2, without building either. */
const distanceFromDeterminism = (f: StochasticMatrix): number => {
  const columns = sizeOfObject(f.codomain)
  let largest = 0
  for (let start = 0; start < f.entries.length; start += columns) {
    let sum = 0
    for (let y = start; y < start + columns; y++) sum += Math.abs(f.entries[y]! * (1 - f.entries[y]!))
    if (!(sum <= largest)) largest = sum
  }
  return largest
}

/**
 * FinStoch: finite sets and stochastic matrices, float64. It validates every law; equality has a budget, so it is not transitive.
 * Conditionals are uniform where they are not determined.
 */
export const FinStoch: ConditionalMarkovCategory<FiniteObject, StochasticMatrix, Rows> = {
  name: 'fin-stoch',
  equality: `total variation of every row at most ${equalityBudget}`,
  unit: [],
  tensor: (a, b) => [...a, ...b],
  sameObject: sameFiniteObject,
  objectOf: finiteObjectOf('FinStoch'),
  domain: (f) => f.domain,
  codomain: (f) => f.codomain,
  id: (a) => stochasticMap(a, a, (x) => x),
  seq,
  par,
  swap: (a, b) => stochasticMap([...a, ...b], [...b, ...a], (x) => swapElement(a, b, x)),
  copy: (a) => stochasticMap(a, [...a, ...a], (x) => x * sizeOfObject(a) + x),
  discard: (a) => stochasticMap(a, [], () => 0),
  initial: { object: [0], to: (b) => stochasticMap([0], b, () => 0) },
  isDeterministic: (f) => distanceFromDeterminism(f) <= equalityBudget,
  equals: (f, g) =>
    sameFiniteObject(f.domain, g.domain) &&
    sameFiniteObject(f.codomain, g.codomain) &&
    distance(f, g) <= equalityBudget,
  validate,
  conditional,
  inverse,
  read,
  show: (f) => {
    const columns = sizeOfObject(f.codomain)
    const rows = Array.from({ length: sizeOfObject(f.domain) }, (_, x) =>
      Array.from(f.entries.subarray(x * columns, (x + 1) * columns), (entry) => String(Number(entry.toPrecision(6)))),
    )
    return `[${f.domain.join(', ')}] -> [${f.codomain.join(', ')}]\n${rows.map((row) => `  [${row.join(', ')}]`).join('\n')}`
  },
}

/** A stochastic matrix from nested rows, for one finite input and one finite output. */
export const stochasticMatrix = (rows: Rows): Either<Problem, StochasticMatrix> =>
  read(rows, [rows.length], [rows[0]?.length ?? 0], 'stochastic matrix')
