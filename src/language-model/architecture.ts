/**
 * Architectures that are well formed, and where their training starts.
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { match, P } from 'ts-pattern'

import { problem, type Problem } from '../../dsl/problem.js'
import { standardNormals } from '../linear-algebra/standard-normal.js'
import { copyParameters, initialise } from './initialise.js'
import type { Architecture } from './model.js'
import { parameterLayout, type ParameterMatrix, parametersIn } from './parameter-layout.js'

const mostParameters = 2 ** 27

/**
 * An architecture whose sizes fit. Errors: a size that is no whole number of at least one, heads that do not divide the width into even
 * parts, heads of keys and values that do not divide the heads, more than 2^27 parameters.
 *
 * @example
 * checkedArchitecture({ kind: 'table', symbols: 3, contexts: 0, hidden: 2 })
 * // => { _tag: 'Left', left: { kind: 'out-of-range', where: 'table, contexts', what: '0 is no size', remedy: 'give a whole number of at least 1' } }
 */
export const checkedArchitecture = (architecture: Architecture): Either<Problem, Architecture> => {
  const { kind } = architecture
  const wrong = Object.entries(architecture).find(
    ([, size]) => typeof size === 'number' && !(Number.isInteger(size) && size >= 1),
  )
  const out = (where: string, what: string, remedy: string): Either<Problem, never> =>
    left(problem('out-of-range', `${kind}, ${where}`, what, remedy))
  if (wrong !== undefined) return out(wrong[0], `${wrong[1]} is no size`, 'give a whole number of at least 1')
  if (architecture.kind === 'transformer') {
    const { width, heads, keyValueHeads } = architecture
    if (width % (2 * heads) !== 0)
      return out('heads', `${heads} do not divide ${width} into even parts`, 'give a width that twice the heads divide')
    if (heads % keyValueHeads !== 0)
      return out('keyValueHeads', `${keyValueHeads} do not divide ${heads}`, 'give a divisor of the heads')
  }
  const count = parametersIn(architecture)
  return count <= mostParameters
    ? right(architecture)
    : out('size', `it has ${count} parameters`, `stay within ${mostParameters}`)
}

/** The standard deviation of the table's states: a model that starts this small predicts the same everywhere. */
const stateDeviation = 0.1

/**
 * Where the training of an architecture starts, as a flat array: for an MLP as `initialise` does; for the others the weights of each
 * linear map N(0, 1 / inputs), biases zero, gains one, the states of a table N(0, 1/100).
 *
 * In a transformer the maps that write to the residual stream are smaller by the root of twice the layers, so that its variance does
 * not grow with them. The seed, a 32-bit integer, determines every number.
 */
export const initialParameters = (architecture: Architecture, seed: number): Float64Array => {
  if (architecture.kind === 'mlp') return copyParameters(architecture, initialise(architecture, seed)).flat
  const flat = new Float64Array(parametersIn(architecture))
  const normal = standardNormals(seed)
  let end = 0
  for (const each of parameterLayout(architecture)) {
    const part = flat.subarray(end, (end += each.rows * each.columns))
    if (each.kind === 'gain') part.fill(1)
    if (each.kind !== 'weights') continue
    normal(part)
    const deviation = deviationOf(architecture, each)
    for (let index = 0; index < part.length; index++) part[index]! *= deviation
  }
  return flat
}

const deviationOf = (
  architecture: Exclude<Architecture, { kind: 'mlp' }>,
  { name, columns }: ParameterMatrix,
): number =>
  match([architecture, name] as const)
    .with([{ kind: 'table' }, 'states'], () => stateDeviation)
    .with(
      [{ kind: 'transformer' }, P.string.regex(/\.(?:attentionOutput|down)$/)],
      ([{ layers }]) => 1 / Math.sqrt(2 * layers * columns),
    )
    .otherwise(() => 1 / Math.sqrt(columns))
