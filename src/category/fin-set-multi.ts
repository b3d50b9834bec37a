/**
 * FinSetMulti: finite sets and multivalued functions, what is possible without how probable it is.
 *
 * An object is a list of cardinalities, its elements are numbered in row-major order (the last wire runs fastest); a morphism is a
 * relation in which every input has an output, as a flat row-major matrix of zeros and ones.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import { type FiniteElement, readElement, showElement } from './finite-element.js'
import { assertComposable, assertEndsIn, checkFiniteEnds, showEnds } from './finite-ends.js'
import { type FiniteObject, finiteObjectOf, sameFiniteObject, sizeOfObject, swapElement } from './finite-object.js'
import type { ConditionalMarkovCategory } from './markov-category.js'

export interface MultivaluedFunction {
  readonly domain: FiniteObject
  readonly codomain: FiniteObject
  /** Row-major, size(domain) rows of size(codomain) entries: 1 where the output is possible, 0 where it is not. */
  readonly entries: Uint8Array
}

/** A multivalued function as the list of possible outputs of each input; order and repetition do not count. */
export type Possibilities = readonly (readonly FiniteElement[])[]

const nothing = (domain: FiniteObject, codomain: FiniteObject): MultivaluedFunction => ({
  domain,
  codomain,
  entries: new Uint8Array(sizeOfObject(domain) * sizeOfObject(codomain)),
})

/** The multivalued function of the possible outputs of each input, by their numbers. */
export const multivaluedFunction = (
  domain: FiniteObject,
  codomain: FiniteObject,
  outputs: (element: number) => readonly number[],
): MultivaluedFunction => {
  const result = nothing(domain, codomain)
  const columns = sizeOfObject(codomain)
  for (let x = 0; x < sizeOfObject(domain); x++) for (const y of outputs(x)) result.entries[x * columns + y] = 1
  return result
}

/** The numbers of the possible outputs of an input, in order. */
export const possibleOutputs = ({ codomain, entries }: MultivaluedFunction, x: number): readonly number[] => {
  const columns = sizeOfObject(codomain)
  return Array.from({ length: columns }, (_, y) => y).filter((y) => entries[x * columns + y] === 1)
}

const seq = (f: MultivaluedFunction, g: MultivaluedFunction): MultivaluedFunction => {
  assertComposable('FinSetMulti.seq', f, g)
  const result = nothing(f.domain, g.codomain)
  const [rows, inner, columns] = [sizeOfObject(f.domain), sizeOfObject(g.domain), sizeOfObject(g.codomain)]
  for (let x = 0; x < rows; x++)
    for (let y = 0; y < inner; y++)
      if (f.entries[x * inner + y] === 1)
        for (let z = 0; z < columns; z++) result.entries[x * columns + z]! |= g.entries[y * columns + z]!
  return result
}

const par = (f: MultivaluedFunction, g: MultivaluedFunction): MultivaluedFunction => {
  const result = nothing([...f.domain, ...g.domain], [...f.codomain, ...g.codomain])
  const [rowsF, columnsF] = [sizeOfObject(f.domain), sizeOfObject(f.codomain)]
  const [rowsG, columnsG] = [sizeOfObject(g.domain), sizeOfObject(g.codomain)]
  let position = 0
  for (let x = 0; x < rowsF; x++)
    for (let y = 0; y < rowsG; y++)
      for (let a = 0; a < columnsF; a++) {
        if (f.entries[x * columnsF + a] === 1)
          result.entries.set(g.entries.subarray(y * columnsG, (y + 1) * columnsG), position)
        position += columnsG
      }
  return result
}

/** Every row that has nothing in it filled: the null rule. */
const withNullRowsFull = (f: MultivaluedFunction): MultivaluedFunction => {
  const columns = sizeOfObject(f.codomain)
  for (let start = 0; start < f.entries.length; start += columns) {
    const row = f.entries.subarray(start, start + columns)
    if (!row.includes(1)) row.fill(1)
  }
  return f
}

/** f|_X(x, a) = {y : (x, y) in f(a)}, and all of Y where there is none. */
const conditional = (f: MultivaluedFunction, x: FiniteObject, y: FiniteObject): MultivaluedFunction => {
  assertEndsIn('FinSetMulti.conditional', f, x, y)
  const result = nothing([...x, ...f.domain], y)
  const [sizeX, inputs, width] = [sizeOfObject(x), sizeOfObject(f.domain), sizeOfObject(y)]
  for (let element = 0; element < sizeX; element++)
    for (let a = 0; a < inputs; a++) {
      const start = (a * sizeX + element) * width
      result.entries.set(f.entries.subarray(start, start + width), (element * inputs + a) * width)
    }
  return withNullRowsFull(result)
}

/** f†(y, a) = {x in p(a) : y in f(x)}, and all of X where there is none. */
const inverse = (prior: MultivaluedFunction, f: MultivaluedFunction): MultivaluedFunction => {
  assertComposable('FinSetMulti.inverse', prior, f)
  const result = nothing([...f.codomain, ...prior.domain], f.domain)
  const [inputs, width, observations] = [sizeOfObject(prior.domain), sizeOfObject(f.domain), sizeOfObject(f.codomain)]
  let position = 0
  for (let y = 0; y < observations; y++)
    for (let a = 0; a < inputs; a++)
      for (let x = 0; x < width; x++)
        result.entries[position++] = prior.entries[a * width + x]! & f.entries[x * observations + y]!
  return withNullRowsFull(result)
}

const isDeterministic = (f: MultivaluedFunction): boolean =>
  Array.from({ length: sizeOfObject(f.domain) }, (_, x) => possibleOutputs(f, x)).every(({ length }) => length <= 1)

const validate = (f: MultivaluedFunction): Either<Problem, MultivaluedFunction> => {
  const where = 'multivalued function'
  const wrong = (place: string, what: string, remedy: string): Either<Problem, MultivaluedFunction> =>
    left(problem('invalid-value', place, what, remedy))
  const ends = checkFiniteEnds(f, where)
  if (isLeft(ends)) return ends
  const [rows, columns] = [sizeOfObject(f.domain), sizeOfObject(f.codomain)]
  if (f.entries.length !== rows * columns)
    return wrong(where, `it has ${f.entries.length} entries`, `give ${rows} x ${columns} entries`)
  for (let x = 0; x < rows; x++) {
    const row = f.entries.subarray(x * columns, (x + 1) * columns)
    const outside = row.findIndex((entry) => entry > 1)
    if (outside !== -1)
      return wrong(
        `${where}, input ${x}, output ${outside}`,
        `the entry is ${row[outside]}`,
        'give 1 where the output is possible and 0 where it is not',
      )
    if (!row.includes(1)) return left(noOutput(f.codomain, `${where}, input ${x}`))
  }
  return right(f)
}

const noOutput = (codomain: FiniteObject, where: string): Problem =>
  problem(
    'invalid-value',
    where,
    'no output is possible',
    sizeOfObject(codomain) === 0
      ? 'only the empty set has a map to the empty set'
      : 'give every input at least one possible output',
  )

const read = (
  meaning: Possibilities,
  domain: FiniteObject,
  codomain: FiniteObject,
  where: string,
): Either<Problem, MultivaluedFunction> => {
  const [inputs, columns] = [sizeOfObject(domain), sizeOfObject(codomain)]
  if (meaning.length !== inputs)
    return left(
      problem(
        'invalid-value',
        where,
        `it has ${meaning.length} lists of outputs`,
        `give one list of possible outputs for each of the ${inputs} inputs`,
      ),
    )
  const result = nothing(domain, codomain)
  for (const [x, outputs] of meaning.entries()) {
    const place = `${where}, input ${x}`
    if (outputs.length === 0) return left(noOutput(codomain, place))
    for (const output of outputs) {
      const y = readElement(output, codomain, place)
      if (isLeft(y)) return y
      result.entries[x * columns + y.right] = 1
    }
  }
  return right(result)
}

/**
 * FinSetMulti: finite sets and multivalued functions, relations in which every input has an output.
 *
 * Equality is exact. `validate` asks for a matrix of zeros and ones of the right size without an empty row. It satisfies every law of a
 * Markov category, and that of chance (G5): possibilities are not copied. Conditionals and Bayesian inverses exist; where the evidence
 * is not possible, every element is: the support of what FinStoch has there.
 *
 * Source: T. Fritz, "A synthetic approach to Markov kernels, conditional independence and theorems on sufficient statistics" (2020).
 *
 * @example
 * const neighbours = FinSetMulti.read([[0, 1], [0, 1, 2], [1, 2]], [3], [3], 'neighbours')
 * isRight(neighbours) && FinSetMulti.show(FinSetMulti.seq(neighbours.right, neighbours.right))
 * // => '[3] -> [3]\n  0 -> {0, 1, 2}\n  1 -> {0, 1, 2}\n  2 -> {0, 1, 2}'
 */
export const FinSetMulti: ConditionalMarkovCategory<FiniteObject, MultivaluedFunction, Possibilities> = {
  name: 'fin-set-multi',
  equality: 'exact: the same possibilities',
  unit: [],
  tensor: (a, b) => [...a, ...b],
  sameObject: sameFiniteObject,
  objectOf: finiteObjectOf('FinSetMulti'),
  domain: (f) => f.domain,
  codomain: (f) => f.codomain,
  id: (a) => multivaluedFunction(a, a, (x) => [x]),
  seq,
  par,
  swap: (a, b) => multivaluedFunction([...a, ...b], [...b, ...a], (x) => [swapElement(a, b, x)]),
  copy: (a) => multivaluedFunction(a, [...a, ...a], (x) => [x * sizeOfObject(a) + x]),
  discard: (a) => multivaluedFunction(a, [], () => [0]),
  conditional,
  inverse,
  initial: { object: [0], to: (b) => multivaluedFunction([0], b, () => []) },
  isDeterministic,
  equals: (f, g) =>
    sameFiniteObject(f.domain, g.domain) &&
    sameFiniteObject(f.codomain, g.codomain) &&
    f.entries.length === g.entries.length &&
    f.entries.every((entry, position) => entry === g.entries[position]),
  validate,
  read,
  show: (f) => {
    const rows = Array.from({ length: sizeOfObject(f.domain) }, (_, x) => {
      const outputs = possibleOutputs(f, x).map((y) => showElement(f.codomain, y))
      return `  ${showElement(f.domain, x)} -> {${outputs.join(', ')}}`
    })
    return [showEnds(f), ...rows].join('\n')
  },
}
