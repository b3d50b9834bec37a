/**
 * Meanings of boxes as JSON: a record from names of boxes to what `compile` takes, with matrices as lists of rows.
 *
 *     { "f": [[0.9, 0.1], [0.2, 0.8]],                              a stochastic kernel
 *       "g": { "kind": "finite-function", "values": [[0], [2]] },
 *       "e": { "kind": "embedding", "table": [[1, 0], [0, 1]] },
 *       "l": { "kind": "layers", "layers": [{ "weights": [[1, 2]], "bias": [0], "activation": "tanh" }] },
 *       "h": { "kind": "softmax-head", "weights": [[1], [2]], "bias": [0, 0] } }
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'

import { either, faultOf, kind, listOf, number, oneOf, record } from '../../dsl/codec/shape.js'
import { legible, showFound } from '../../dsl/legible.js'
import { problem, type Problem } from '../../dsl/problem.js'
import { type Matrix, matrix } from '../linear-algebra/matrix.js'
import {
  embedding,
  finiteFunction,
  finiteKernel,
  type Layer,
  layers,
  type NumericMeaning,
  softmaxHead,
} from './meaning.js'
import type { NumericMeanings } from './meaning.js'

const numbers = listOf('a list of numbers', number)
const rows = listOf('a list of rows of numbers', numbers)
const layer = record({
  weights: rows,
  bias: numbers,
  activation: either((value) => value === 'identity', kind('identity'), kind('tanh')),
})
const tagged = oneOf({
  'finite-kernel': record({ kind: kind('finite-kernel'), rows }),
  'finite-function': record({ kind: kind('finite-function'), values: rows }),
  embedding: record({ kind: kind('embedding'), table: rows }),
  layers: record({ kind: kind('layers'), layers: listOf('a list of layers', layer) }),
  'softmax-head': record({ kind: kind('softmax-head'), weights: rows, bias: numbers }),
})
const meaningShape = either(Array.isArray, rows, tagged)

/**
 * The meanings that a JSON text describes.
 *
 * Errors: `malformed`, with the name of the box and the place in its meaning; whether a meaning fits its box, `compile` says.
 *
 * @example
 * parseMeanings('{ "f": [[0.9, 0.1], [0.2, 0.8]] }')
 * // => { _tag: 'Right', right: { f: { kind: 'finite-kernel', rows: [[0.9, 0.1], [0.2, 0.8]] } } }
 * parseMeanings('{ "f": [[0.9, "0.1"]] }')
 * // => {
 * //   _tag: 'Left',
 * //   left: {
 * //     kind: 'malformed',
 * //     where: "meaning of box 'f', [0][1]",
 * //     what: "found the text '0.1'",
 * //     remedy: 'give a number',
 * //   },
 * // }
 */
export const parseMeanings = (text: string): Either<Problem, NumericMeanings> => {
  const malformed = (where: string, what: string, remedy: string): Either<Problem, never> =>
    left(problem('malformed', where, what, remedy))
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (error) {
    const why = error instanceof Error ? legible(error.message) : 'it does not parse'
    return malformed('meanings', `they are no JSON (${why})`, 'give a JSON record from names of boxes to meanings')
  }
  if (!t.UnknownRecord.is(document) || Array.isArray(document))
    return malformed('meanings', `found ${showFound(document)}`, 'give a record from names of boxes to meanings')
  const meanings: [string, NumericMeaning][] = []
  for (const [name, entry] of Object.entries(document)) {
    const where = `meaning of box '${legible(name)}'`
    if (!meaningShape.is(entry)) return left(faultOf(meaningShape, entry, where))
    const meaning = meaningOf(entry, where)
    if (isLeft(meaning)) return meaning
    meanings.push([name, meaning.right])
  }
  return right(Object.fromEntries(meanings))
}

const meaningOf = (entry: t.TypeOf<typeof meaningShape>, where: string): Either<Problem, NumericMeaning> => {
  if (!('kind' in entry)) return right(finiteKernel(entry))
  switch (entry.kind) {
    case 'finite-kernel':
      return right(finiteKernel(entry.rows))
    case 'finite-function':
      return right(finiteFunction(entry.values))
    case 'embedding': {
      const table = matrixOf(entry.table, `${where}, table`)
      return isLeft(table) ? table : right(embedding(table.right))
    }
    case 'softmax-head': {
      const weights = matrixOf(entry.weights, `${where}, weights`)
      return isLeft(weights) ? weights : right(softmaxHead(weights.right, Float64Array.from(entry.bias)))
    }
    case 'layers': {
      const all: Layer[] = []
      for (const [index, { weights, bias, activation }] of entry.layers.entries()) {
        const read = matrixOf(weights, `${where}, layers[${index}].weights`)
        if (isLeft(read)) return read
        all.push({ weights: read.right, bias: Float64Array.from(bias), activation })
      }
      return right(layers(...all))
    }
  }
}

const matrixOf = (all: readonly (readonly number[])[], where: string): Either<Problem, Matrix> => {
  const width = all[0]?.length ?? 0
  const bad = all.findIndex((row) => row.length !== width)
  return bad === -1
    ? right(matrix(all.length, width, all.flat()))
    : left(
        problem(
          'malformed',
          `${where}[${bad}]`,
          `found a list of ${all[bad]!.length}`,
          `give ${width} numbers, as in the first row`,
        ),
      )
}
