/**
 * FinSet: finite sets and functions.
 *
 * An object is a list of cardinalities, its elements are numbered in row-major order (the last wire runs fastest); a morphism is the
 * table of its images.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import { type FiniteElement, isElement, noElement, readElement, showElement } from './finite-element.js'
import { assertComposable, assertEndsIn, checkFiniteEnds, showEnds } from './finite-ends.js'
import { type FiniteObject, finiteObjectOf, sameFiniteObject, sizeOfObject, swapElement } from './finite-object.js'
import type { ConditionalMarkovCategory } from './markov-category.js'

export interface FunctionTable {
  readonly domain: FiniteObject
  readonly codomain: FiniteObject
  /** The number of the image of each element of the domain. */
  readonly images: Float64Array
}

/** A function as its images, one for each input: numbers of elements, or tuples of one element number for each output wire. */
export type Images = readonly FiniteElement[]

/** The table of a function on element numbers. */
export const functionTable = (
  domain: FiniteObject,
  codomain: FiniteObject,
  f: (element: number) => number,
): FunctionTable => ({
  domain,
  codomain,
  images: Float64Array.from({ length: sizeOfObject(domain) }, (_, x) => f(x)),
})

const seq = (f: FunctionTable, g: FunctionTable): FunctionTable => {
  assertComposable('FinSet.seq', f, g)
  return { domain: f.domain, codomain: g.codomain, images: f.images.map((y) => g.images[y]!) }
}

const par = (f: FunctionTable, g: FunctionTable): FunctionTable => {
  const [height, width] = [sizeOfObject(g.domain), sizeOfObject(g.codomain)]
  return functionTable(
    [...f.domain, ...g.domain],
    [...f.codomain, ...g.codomain],
    (x) => f.images[Math.floor(x / height)]! * width + g.images[x % height]!,
  )
}

/** f|_X(x, a) = f_Y(a), whatever x is: a function leaves nothing for x to tell. */
const conditional = (f: FunctionTable, x: FiniteObject, y: FiniteObject): FunctionTable => {
  assertEndsIn('FinSet.conditional', f, x, y)
  const [inputs, width] = [sizeOfObject(f.domain), sizeOfObject(y)]
  return functionTable([...x, ...f.domain], y, (element) => f.images[element % inputs]! % width)
}

/** f†(y, a) = p(a), whatever y is. */
const inverse = (prior: FunctionTable, f: FunctionTable): FunctionTable => {
  assertComposable('FinSet.inverse', prior, f)
  const inputs = sizeOfObject(prior.domain)
  return functionTable([...f.codomain, ...prior.domain], f.domain, (element) => prior.images[element % inputs]!)
}

const validate = (f: FunctionTable): Either<Problem, FunctionTable> => {
  const where = 'function'
  const ends = checkFiniteEnds(f, where)
  if (isLeft(ends)) return ends
  const [inputs, size] = [sizeOfObject(f.domain), sizeOfObject(f.codomain)]
  if (f.images.length !== inputs) return left(imageCount(f.images.length, inputs, where))
  const outside = f.images.findIndex((image) => !isElement(image, size))
  return outside === -1 ? right(f) : left(noElement(f.images[outside], f.codomain, `${where}, input ${outside}`))
}

const imageCount = (found: number, expected: number, where: string): Problem =>
  problem('invalid-value', where, `it has ${found} images`, `give one image for each of the ${expected} inputs`)

const read = (
  meaning: Images,
  domain: FiniteObject,
  codomain: FiniteObject,
  where: string,
): Either<Problem, FunctionTable> => {
  const inputs = sizeOfObject(domain)
  if (meaning.length !== inputs) return left(imageCount(meaning.length, inputs, where))
  const images = new Float64Array(inputs)
  for (const [x, image] of meaning.entries()) {
    const element = readElement(image, codomain, `${where}, input ${x}`)
    if (isLeft(element)) return element
    images[x] = element.right
  }
  return right({ domain, codomain, images })
}

/**
 * FinSet: finite sets and functions, the cartesian category among those of finite sets.
 *
 * Equality is exact. `validate` asks for one image for each input, each the number of an element of the codomain. It satisfies every
 * law of a Markov category, and that of chance (G5) it must not: every morphism is deterministic. Conditionals are trivial, the second
 * component of the function without regard to the first, and so are Bayesian inverses, the prior without regard to what was observed:
 * they satisfy the laws of conditionals and of Bayesian inversion (I, J), those that hold almost surely only so (the inverse of an
 * identity is constant), and no null rule is needed. Positivity and causality hold.
 *
 * Source: T. Fritz, "A synthetic approach to Markov kernels, conditional independence and theorems on sufficient statistics" (2020).
 *
 * @example
 * const negation = FinSet.read([1, 0], [2], [2], 'negation')
 * isRight(negation) && FinSet.equals(FinSet.seq(negation.right, negation.right), FinSet.id([2])) // => true
 */
export const FinSet: ConditionalMarkovCategory<FiniteObject, FunctionTable, Images> = {
  name: 'fin-set',
  equality: 'exact: the same images',
  unit: [],
  tensor: (a, b) => [...a, ...b],
  sameObject: sameFiniteObject,
  objectOf: finiteObjectOf('FinSet'),
  domain: (f) => f.domain,
  codomain: (f) => f.codomain,
  id: (a) => functionTable(a, a, (x) => x),
  seq,
  par,
  swap: (a, b) => functionTable([...a, ...b], [...b, ...a], (x) => swapElement(a, b, x)),
  copy: (a) => functionTable(a, [...a, ...a], (x) => x * sizeOfObject(a) + x),
  discard: (a) => functionTable(a, [], () => 0),
  conditional,
  inverse,
  initial: { object: [0], to: (b) => functionTable([0], b, () => 0) },
  isDeterministic: () => true,
  equals: (f, g) =>
    sameFiniteObject(f.domain, g.domain) &&
    sameFiniteObject(f.codomain, g.codomain) &&
    f.images.length === g.images.length &&
    f.images.every((image, x) => image === g.images[x]),
  validate,
  read,
  show: (f) =>
    [
      showEnds(f),
      ...Array.from(f.images, (y, x) => `  ${showElement(f.domain, x)} -> ${showElement(f.codomain, y)}`),
    ].join('\n'),
}
