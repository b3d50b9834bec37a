/** Where a file of hidden states has what: its tensors by name, checked against each other. */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../../dsl/problem.js'
import { type FloatType, type IntegerType, isFloatType, isIntegerType } from '../checkpoint/element-type.js'
import type { IndexedTensor, SafetensorsIndex } from '../checkpoint/safetensors.js'
import type { StatisticsShape } from './statistics.js'

/** The names of the tensors. */
export const statesTensors = {
  hidden: 'hidden',
  nextTokens: 'next_tokens',
  weights: 'weights',
  head: 'head.weight',
  bias: 'head.bias',
} as const

type Floats = IndexedTensor & { readonly type: FloatType }
type Integers = IndexedTensor & { readonly type: IntegerType }

export interface StatesLayout {
  readonly shape: StatisticsShape
  readonly contexts: number
  readonly hidden: Floats
  readonly nextTokens: Integers
  readonly weights: Floats | undefined
  readonly head: Floats
  readonly bias: Floats | undefined
}

const isFloats = (tensor: IndexedTensor): tensor is Floats => isFloatType(tensor.type)
const isIntegers = (tensor: IndexedTensor): tensor is Integers => isIntegerType(tensor.type)

const wanted =
  'store hidden [N, D], next_tokens [N], head.weight [V, D] and, if there are, head.bias [V] and weights [N]'

/** The layout of an index. Problems: see `openStates`. */
export const statesLayout = (index: SafetensorsIndex): Either<Problem, StatesLayout> => {
  const find = (name: string): IndexedTensor | undefined => index.tensors.find((tensor) => tensor.name === name)
  const needed = (name: string): Either<Problem, IndexedTensor> => {
    const found = find(name)
    const others = index.tensors.map((tensor) => tensor.name)
    const there = others.length === 0 ? 'no tensor' : others.slice(0, 8).join(', ') + (others.length > 8 ? ', ...' : '')
    return found === undefined
      ? left(problem('malformed', 'safetensors', `it has no tensor ${name}, but ${there}`, wanted))
      : right(found)
  }

  const hidden = needed(statesTensors.hidden)
  if (isLeft(hidden)) return hidden
  const [contexts, dimension, ...more] = hidden.right.shape
  if (contexts === undefined || dimension === undefined || more.length > 0)
    return left(
      problem(
        'malformed',
        statesTensors.hidden,
        `it is ${sizeOf(hidden.right)}`,
        'store N x D: one row for each context',
      ),
    )
  if (contexts === 0 || dimension === 0)
    return left(
      problem('empty-input', statesTensors.hidden, `it is ${sizeOf(hidden.right)}`, 'store at least one state'),
    )
  const head = needed(statesTensors.head)
  if (isLeft(head)) return head
  const vocabulary = head.right.shape[0] ?? 0
  if (vocabulary < 2)
    return left(
      problem('out-of-range', statesTensors.head, `it is ${sizeOf(head.right)}`, 'store a row for each token'),
    )
  const nextTokens = needed(statesTensors.nextTokens)
  if (isLeft(nextTokens)) return nextTokens

  const states = checked(hidden.right, isFloats, [contexts, dimension], '')
  if (isLeft(states)) return states
  const rows = checked(head.right, isFloats, [vocabulary, dimension], `hidden states of ${dimension} coordinates`)
  if (isLeft(rows)) return rows
  const targets = checked(nextTokens.right, isIntegers, [contexts], `${contexts} hidden states`)
  if (isLeft(targets)) return targets
  const bias = optional(find(statesTensors.bias), [vocabulary], `a vocabulary of ${vocabulary}`)
  if (isLeft(bias)) return bias
  const weights = optional(find(statesTensors.weights), [contexts], `${contexts} hidden states`)
  if (isLeft(weights)) return weights
  return right({
    shape: { dimension, vocabulary },
    contexts,
    hidden: states.right,
    nextTokens: targets.right,
    weights: weights.right,
    head: rows.right,
    bias: bias.right,
  })
}

const sizeOf = ({ shape }: IndexedTensor): string => (shape.length === 0 ? 'a single number' : shape.join(' x '))

const optional = (
  tensor: IndexedTensor | undefined,
  shape: readonly number[],
  beside: string,
): Either<Problem, Floats | undefined> =>
  tensor === undefined ? right(undefined) : checked(tensor, isFloats, shape, beside)

/** The tensor, if it has the type and the shape that fit to what is there `beside` it. */
const checked = <T extends IndexedTensor>(
  tensor: IndexedTensor,
  isType: (tensor: IndexedTensor) => tensor is T,
  shape: readonly number[],
  beside: string,
): Either<Problem, T> => {
  const { name, type } = tensor
  if (sizeOf(tensor) !== shape.join(' x '))
    return left(
      problem('malformed', name, `it is ${sizeOf(tensor)}, beside ${beside}`, `store ${shape.join(' x ')} numbers`),
    )
  if (isType(tensor)) return right(tensor)
  const remedy =
    name === statesTensors.nextTokens ? 'store whole numbers, as I64 or I32' : 'store F16, BF16, F32 or F64'
  return left(problem('unsupported', name, `it has numbers of type ${type}`, remedy))
}
