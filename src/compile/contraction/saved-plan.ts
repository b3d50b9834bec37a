/** Plans that are kept and used again: an order of contraction as text, and whether it is one for a diagram. */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'

import { faultOf } from '../../../dsl/codec/shape.js'
import { legible, showFound } from '../../../dsl/legible.js'
import { keyOf, type NormalForm } from '../../../dsl/normal-form.js'
import { problem, type Problem } from '../../../dsl/problem.js'
import type { CategoricalEntropyName } from '../../information/categorical-entropy.js'
import type { FactorGraph } from './factor-graph.js'
import type { ContractionOrder } from './order.js'
import { documentShape, planFormat, planVersion } from './plan-document.js'
import { readOrder } from './read-order.js'

/** An order of contraction with what it is for. */
export interface SavedPlan {
  /** The canonical key of the diagram. */
  readonly key: string
  readonly batch: number
  readonly measures: readonly string[]
  readonly graph: FactorGraph
  readonly order: ContractionOrder
}

/** What of a plan is kept. */
interface Planned {
  readonly form: NormalForm
  readonly batch: number
  readonly measures: readonly CategoricalEntropyName[]
  readonly contraction: { readonly graph: FactorGraph; readonly order: ContractionOrder } | undefined
}

const emptyGraph: FactorGraph = { factors: [], functions: [], sizes: [], wanted: [] }

/**
 * A plan as a text to keep: JSON, with a line for each factor and each step. A plan without a contraction is kept as well.
 *
 * @example
 * const Bit = finite('Bit', 2)
 * const meanings = { coin: [[0.5, 0.5]], noise: [[0.9, 0.1], [0.2, 0.8]] }
 * const chain = seq(box('coin', [], [Bit]), box('noise', [Bit], [Bit]))
 * const evaluator = toUnion(await compile(chain, meanings, { backend: 'cpu' }))
 * const text = printPlan(toUnion(evaluator.plan(1)))
 * toUnion(parsePlan(text)).order.steps.length // => 1
 */
export const printPlan = ({ form, batch, measures, contraction }: Planned): string => {
  const { factors, functions, sizes, wanted } = contraction?.graph ?? emptyGraph
  const lines = (entries: readonly unknown[]): string => entries.map((entry) => JSON.stringify(entry)).join(',\n')
  const head = JSON.stringify({ format: planFormat, version: planVersion, key: keyOf(form), batch, measures })
  const graph = `"graph":{"factors":[\n${lines(factors)}\n],"functions":${JSON.stringify(functions)},"sizes":${JSON.stringify(sizes)},"wanted":${JSON.stringify(wanted)}}`
  const { strategy, steps, loop, operations, largest, peak } = contraction?.order ?? {
    strategy: 'exact',
    steps: [],
    loop: undefined,
    operations: 0,
    largest: 0,
    peak: 0,
  }
  const order = `"order":{"strategy":"${strategy}","steps":[\n${lines(steps.map(({ operands }) => operands))}\n],"sliced":${JSON.stringify(loop?.indices ?? [])},"once":${loop?.firstStep ?? steps.length},"operations":${operations},"largest":${largest},"peak":${peak}}`
  return `${head.slice(0, -1)},\n${graph},\n${order}}\n`
}

/**
 * The plan of a text that `printPlan` has written.
 *
 * Problems: `malformed`, with the place, for a text that is none or whose parts contradict each other. Whether it is the plan of a
 * diagram is decided when it is used.
 */
export const parsePlan = (source: string): Either<Problem, SavedPlan> => {
  let document: unknown
  try {
    document = JSON.parse(source)
  } catch (error) {
    const why = error instanceof Error ? legible(error.message) : 'it does not parse'
    return left(problem('malformed', 'plan', `it is no JSON (${why})`, 'give a text that printPlan has written'))
  }
  const own = (key: string): unknown =>
    t.UnknownRecord.is(document) && Object.hasOwn(document, key) ? document[key] : undefined
  for (const [key, expected] of [
    ['format', planFormat],
    ['version', planVersion],
  ] as const)
    if (own(key) !== expected)
      return left(
        problem(
          'malformed',
          `plan, ${key}`,
          `found ${showFound(own(key))}`,
          `plans of the format '${planFormat}', version ${planVersion}, are read here`,
        ),
      )
  if (!documentShape.is(document)) return left(faultOf(documentShape, document, 'plan'))
  const { key, batch, measures } = document
  const read = readOrder(document.graph, document.order)
  return isLeft(read) ? read : right({ key, batch, measures, ...read.right })
}

/**
 * The order of a saved plan, if it is one for this factor graph.
 *
 * Problems: `invalid-value` for a plan of another diagram, batch or choice of measures; or, where meanings of another kind make other
 * factors of the same diagram, for another factor graph.
 */
export const orderFromSaved = (
  saved: SavedPlan,
  form: NormalForm,
  batch: number,
  measures: readonly CategoricalEntropyName[],
  graph: FactorGraph,
): Either<Problem, ContractionOrder> => {
  const other = (where: string, what: string): Either<Problem, never> =>
    left(problem('invalid-value', `saved plan, ${where}`, what, 'use a plan that was saved for this, or plan again'))
  if (saved.key !== keyOf(form)) return other('key', 'it is the plan of another diagram')
  if (saved.batch !== batch) return other('batch', `it is for batches of ${saved.batch}, and this one has ${batch}`)
  if (saved.measures.join() !== measures.join())
    return other('measures', `it is for [${legible(saved.measures.join(', '))}], not [${measures.join(', ')}]`)
  const { factors, functions, sizes, wanted } = saved.graph
  if (factors.length !== graph.factors.length)
    return other('graph', `it has ${factors.length} factors, and the diagram ${graph.factors.length}`)
  const listed = (indices: readonly number[]): string => legible(indices.join(', '))
  for (const [factor, indices] of graph.factors.entries())
    if (factors[factor]!.join() !== indices.join())
      return other(
        `graph.factors[${factor}]`,
        `it has the indices [${listed(factors[factor]!)}], and in the diagram [${listed(indices)}]`,
      )
  const isSame = (a: readonly (readonly number[])[], b: readonly (readonly number[])[]): boolean =>
    a.length === b.length && a.every((pair, place) => pair.join() === b[place]!.join())
  if (!isSame(functions, graph.functions))
    return other('graph.functions', 'other factors are functions in it than in the diagram')
  const known = new Map(sizes)
  for (const [index, size] of graph.sizes)
    if (known.get(index) !== size)
      return other('graph.sizes', `index ${index} has ${known.get(index)} values, and in the diagram ${size}`)
  if (wanted.join() !== graph.wanted.join())
    return other('graph.wanted', `[${listed(wanted)}] are wanted, and in the diagram [${listed(graph.wanted)}]`)
  return right(saved.order)
}
