/**
 * What a box means to the compiler: a finite kernel, a finite function, or one of the maps that language models are made of.
 *
 * A meaning is data: matrices are flat and row-major, with their shape; a stochastic kernel may also be written as nested rows.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import { match } from 'ts-pattern'

import type { Box } from '../../dsl/diagram.js'
import { cardinality, showWire, type Wires } from '../../dsl/object.js'
import { problem, type Problem } from '../../dsl/problem.js'
import { FinStoch, type Rows } from '../category/fin-stoch.js'
import type { Matrix } from '../linear-algebra/matrix.js'

export type Activation = 'identity' | 'tanh'

/** An affine map followed by an activation, component by component: x -> activation(weights x + bias). */
export interface Layer {
  readonly weights: Matrix
  readonly bias: Float64Array
  readonly activation: Activation
}

/** A stochastic kernel between finite sets: one row for each input (several wires: the last runs fastest). */
export interface FiniteKernel {
  readonly kind: 'finite-kernel'
  readonly rows: Rows
}
/** A function between finite sets: for each input the number of each output's element. */
export interface FiniteFunction {
  readonly kind: 'finite-function'
  readonly values: Rows
}
/** A finite set or sequence to a vector: the table's rows for the symbols, side by side. */
export interface Embedding {
  readonly kind: 'embedding'
  readonly table: Matrix
}
/** A vector to a vector, through layers. */
export interface Layers {
  readonly kind: 'layers'
  readonly layers: readonly Layer[]
}
/** A vector to a distribution: softmax(weights h + bias), the rows of the weights being the g(w). */
export interface SoftmaxHead {
  readonly kind: 'softmax-head'
  readonly weights: Matrix
  readonly bias: Float64Array
}

export type NumericMeaning = FiniteKernel | FiniteFunction | Embedding | Layers | SoftmaxHead

/** Meanings as a user writes them, by box name; nested rows stand for a finite kernel. */
export type NumericMeanings = Readonly<Record<string, NumericMeaning | Rows>>

export const finiteKernel = (rows: Rows): FiniteKernel => ({ kind: 'finite-kernel', rows })
export const finiteFunction = (values: Rows): FiniteFunction => ({ kind: 'finite-function', values })
export const embedding = (table: Matrix): Embedding => ({ kind: 'embedding', table })
export const layers = (...all: readonly Layer[]): Layers => ({ kind: 'layers', layers: all })
export const softmaxHead = (weights: Matrix, bias: Float64Array): SoftmaxHead => ({
  kind: 'softmax-head',
  weights,
  bias,
})

const isRows = (meaning: NumericMeaning | Rows): meaning is Rows => Array.isArray(meaning)

/** A meaning with nested rows read as a finite kernel. */
export const numericMeaning = (meaning: NumericMeaning | Rows): NumericMeaning =>
  isRows(meaning) ? finiteKernel(meaning) : meaning

/** The meaning if it fits the box's wires and is a kernel; otherwise what does not fit. */
export const checkMeaning = (box: Box, meaning: NumericMeaning): Either<Problem, NumericMeaning> => {
  const where = `box '${box.name}'`
  const wrong = (what: string, remedy: string): Either<Problem, never> =>
    left(problem('invalid-value', where, what, remedy))
  const fits = right(meaning)

  return match(meaning)
    .returnType<Either<Problem, NumericMeaning>>()
    .with({ kind: 'finite-kernel' }, ({ rows }) => {
      const domain = sizesOf(box.inputs, where)
      if (isLeft(domain)) return domain
      const codomain = sizesOf(box.outputs, where)
      if (isLeft(codomain)) return codomain
      const kernel = FinStoch.read(rows, domain.right, codomain.right, where)
      if (isLeft(kernel)) return kernel
      return !box.deterministic || FinStoch.isDeterministic(kernel.right)
        ? fits
        : wrong('it is declared deterministic, but its rows are not points', 'drop the flag, or give one-hot rows')
    })
    .with({ kind: 'finite-function' }, ({ values }) => {
      const domain = sizesOf(box.inputs, where)
      if (isLeft(domain)) return domain
      const codomain = sizesOf(box.outputs, where)
      if (isLeft(codomain)) return codomain
      const height = domain.right.reduce((product, size) => product * size, 1)
      if (values.length !== height)
        return wrong(`the function has ${values.length} values`, `give one for each of the ${height} inputs`)
      const bad = values.findIndex(
        (row) =>
          row.length !== codomain.right.length ||
          row.some((value, port) => !Number.isInteger(value) || value < 0 || value >= codomain.right[port]!),
      )
      return bad === -1
        ? fits
        : wrong(
            `the value at input ${bad} is [${values[bad]!.join(', ')}]`,
            `give ${codomain.right.length} element numbers below [${codomain.right.join(', ')}]`,
          )
    })
    .with({ kind: 'embedding' }, ({ table }) => {
      const [input, output] = [box.inputs[0], box.outputs[0]]
      if (box.inputs.length !== 1 || input === undefined || input.kind === 'real')
        return wrong('an embedding takes one finite set or sequence', 'give the box one such input')
      if (box.outputs.length !== 1 || output?.kind !== 'real')
        return wrong('an embedding gives one vector', 'give the box one real output')
      const symbols = input.kind === 'sequence' ? input.symbols : input
      const length = input.kind === 'sequence' ? input.length : 1
      if (table.rows !== cardinality(symbols))
        return wrong(`the table has ${table.rows} rows`, `give one for each of the ${cardinality(symbols)} symbols`)
      if (table.columns * length !== output.dimension)
        return wrong(
          `${length} rows of ${table.columns} numbers do not make ${showWire(output)}`,
          'make the dimension of the output the length times the columns of the table',
        )
      return finite([table.entries], where, fits)
    })
    .with({ kind: 'layers' }, (all) => {
      const input = dimensionOf(box.inputs)
      const output = dimensionOf(box.outputs)
      if (input === undefined || output === undefined || box.outputs.length !== 1)
        return wrong('layers take real wires and give one', 'give the box real inputs and one real output')
      let dimension = input
      for (const [index, layer] of all.layers.entries()) {
        if (layer.weights.columns !== dimension || layer.bias.length !== layer.weights.rows)
          return wrong(
            `layer ${index} is ${layer.weights.rows} x ${layer.weights.columns} with a bias of ${layer.bias.length}`,
            `it meets ${dimension} numbers: give that many columns, and a bias of as many as its rows`,
          )
        dimension = layer.weights.rows
        const checked = finite([layer.weights.entries, layer.bias], where, fits)
        if (isLeft(checked)) return checked
      }
      return dimension === output ? fits : wrong(`the layers give ${dimension} numbers`, `make it ${output}`)
    })
    .with({ kind: 'softmax-head' }, ({ weights, bias }) => {
      const input = dimensionOf(box.inputs)
      const size = box.outputs.length === 1 ? cardinality(box.outputs[0]!) : undefined
      if (input === undefined || size === undefined)
        return wrong('a softmax head takes real wires and gives one finite set', 'give the box such wires')
      if (box.deterministic) return wrong('a softmax head is never deterministic', 'drop the flag')
      if (weights.rows !== size || weights.columns !== input || bias.length !== size)
        return wrong(
          `the weights are ${weights.rows} x ${weights.columns} with a bias of ${bias.length}`,
          `give ${size} x ${input} weights and a bias of ${size}`,
        )
      return finite([weights.entries, bias], where, fits)
    })
    .exhaustive()
}

/** The cardinalities of finite wires. */
const sizesOf = (wires: Wires, where: string): Either<Problem, readonly number[]> => {
  const sizes: number[] = []
  for (const wire of wires) {
    const size = cardinality(wire)
    if (size === undefined)
      return left(
        problem(
          'invalid-value',
          where,
          `it has the real wire ${showWire(wire)}`,
          'a finite meaning needs finite wires',
        ),
      )
    sizes.push(size)
  }
  return right(sizes)
}

/** The dimension of real wires side by side; undefined if one is not real. */
export const dimensionOf = (wires: Wires): number | undefined =>
  wires.reduce<number | undefined>(
    (sum, wire) => (sum === undefined || wire.kind !== 'real' ? undefined : sum + wire.dimension),
    0,
  )

const finite = <A>(lists: readonly ArrayLike<number>[], where: string, fits: A): A | Either<Problem, never> => {
  for (const entries of lists)
    for (let index = 0; index < entries.length; index++)
      if (!Number.isFinite(entries[index]))
        return left(problem('invalid-value', where, `a parameter is ${entries[index]}`, 'give finite numbers'))
  return fits
}
