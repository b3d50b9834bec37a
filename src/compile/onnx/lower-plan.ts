/**
 * A plan as values of an ONNX graph, one for each tensor.
 *
 * The size of the batch is left open where the diagram has inputs, although a plan is made for one size; so an input, or a joint
 * distribution that depends on one, begins with an axis for the batch.
 */
import { match } from 'ts-pattern'

import { showWire, type Wire, type Wires } from '../../../dsl/object.js'
import type { Plan, Source, Step, Tensor } from '../plan.js'
import { stridesOf } from '../wire-numbers.js'
import type { Operand } from './contraction.js'
import { fixed, type GraphBuilder, graphBuilder, perMember, type Shape, type Value } from './graph-builder.js'
import type { ElementType } from './model.js'
import { combine, expand, scalar } from './operators.js'
import { isBatched, lowerOperation, type Lowering, normalised, softmaxEntropy } from './operation.js'

export interface LoweredPlan {
  readonly graph: GraphBuilder
  readonly operands: readonly Operand[]
  /** The names of the inputs, port by port. */
  readonly inputNames: readonly string[]
}

/** What is computed, whatever is asked of it. */
export type Operations = Pick<Plan, 'batch' | 'tensors' | 'steps' | 'loop'>

/** The numbers of parameters, as they are known when the graph is written; without them each parameter is an input. */
export type ParameterValues = (tensor: Tensor) => ArrayLike<number>

/** Writes a plan; what no output needs is left out when the graph is finished. */
export const lowerPlan = (plan: Operations, inputs: Wires, parameters: ParameterValues | undefined): LoweredPlan => {
  const graph = graphBuilder()
  const { tensors, steps, loop } = plan
  // Inputs come first, so that they have the names of their wires.
  const given = inputs.map((wire) => graph.input(wire.name, elementType(wire), inputShape(wire), showWire(wire)))
  const memberInputs = new Map<number, Value>()
  /** Evidence, or a parameter that varies: an input with a matrix for each member. */
  const perMemberInput = (tensor: number): Value => {
    const { rows, columns, source } = tensors[tensor]!
    const { name, type, what } = describe(source)
    const shape = [perMember, fixed(rows / plan.batch), fixed(columns)]
    const value = memberInputs.get(tensor) ?? graph.input(name, type, shape, what)
    memberInputs.set(tensor, value)
    return value
  }
  // Where the diagram has no inputs, evidence or what varies from member to member tells the size of the batch.
  const first = tensors.findIndex(
    ({ source }) => source.kind === 'evidence' || (source.kind === 'parameter' && source.varying),
  )
  const batched = given[0] ?? (first === -1 ? undefined : perMemberInput(first))
  const lowering: Lowering = { graph, batched, batch: plan.batch }
  const operands: Operand[] = []
  const logitsOf = softmaxLogits(plan)
  const withEntropy = new Set(steps.flatMap((step) => (isShannonOf(logitsOf, step) ? [step.operands[0]!] : [])))

  const lower = (tensor: number): Operand => {
    const { rows, columns, source } = tensors[tensor]!
    const operand = (value: Value, batched: boolean): Operand => ({ value, rows, columns, batched, isOne: false })
    return match(source)
      .returnType<Operand>()
      .with({ kind: 'input' }, ({ port }) => operand(given[port]!, true))
      .with({ kind: 'one' }, () => ({ ...operand(graph.constant('float32', [1, 1], [1]), false), isOne: true }))
      .with({ kind: 'parameter' }, ({ varying }) => {
        const { name, type, what } = describe(source)
        if (varying) return operand(perMemberInput(tensor), true)
        return operand(
          parameters === undefined
            ? graph.input(name, type, [fixed(rows), fixed(columns)], what)
            : graph.initialiser(name, type, [rows, columns], () => parameters(tensors[tensor]!)),
          false,
        )
      })
      .with({ kind: 'evidence' }, () => operand(perMemberInput(tensor), true))
      .with({ kind: 'loop' }, () => {
        throw new Error('ONNX: the values of a loop outside of it')
      })
      .with({ kind: 'step' }, ({ step }) => {
        const { operation, operands: numbers } = steps[step]!
        const used = numbers.map((number) => operands[number]!)
        const batched = isBatched(operation, used) && lowering.batched !== undefined
        const logits = logitsOf.get(numbers[0]!)
        if (operation.kind === 'normalise')
          return operand(normalised(graph, used[0]!.value, withEntropy.has(tensor)), batched)
        if (logits !== undefined && isShannonOf(logitsOf, steps[step]!))
          return operand(softmaxEntropy(graph, operands[logits]!.value), batched)
        return operand(lowerOperation(lowering, operation, used), batched)
      })
      .exhaustive()
  }
  const lowerUntil = (end: number): void => {
    while (operands.length < end) operands.push(lower(operands.length))
  }
  if (loop !== undefined) {
    const { sizes, count, values, result } = loop
    lowerUntil(values)
    const body = (time: Value): Value => {
      operands.push({
        value: digitsOf(graph, time, sizes),
        rows: 1,
        columns: sizes.length,
        batched: false,
        isOne: false,
      })
      lowerUntil(result + 1)
      return operands[result]!.value
    }
    const zeros = ({ shape }: Value): Value => expand(graph, scalar(graph, 0), shape, lowering.batched)
    const sum = graph.loop(count, body, zeros)
    operands[result] = { ...operands[result]!, value: sum }
  }
  lowerUntil(tensors.length)
  return { graph, operands, inputNames: given.map(({ name }) => name) }
}

/** What an input that is no input of the diagram is called. */
const describe = (source: Source): { readonly name: string; readonly type: ElementType; readonly what: string } => {
  switch (source.kind) {
    case 'parameter': {
      const { box, parameter } = source
      return {
        name: `${box.name}_${parameter}`,
        type: parameter === 'function' ? 'int64' : 'float32',
        what: `${parameter} of box ${box.name}`,
      }
    }
    case 'evidence':
      return { name: `evidence_${source.port}`, type: 'float32', what: `likelihoods of output ${source.port}` }
    default:
      throw new Error(`ONNX: a ${source.kind} is not handed over`)
  }
}

/** A number as its digits in some radices, the last running fastest: one row. */
const digitsOf = (graph: GraphBuilder, number: Value, radices: readonly number[]): Value => {
  const row = (numbers: readonly number[]): Value => graph.constant('int64', [1, numbers.length], numbers)
  return combine(graph, 'Mod', combine(graph, 'Div', number, row(stridesOf(radices))), row(radices))
}

/** For each tensor that is a softmax, the tensor of its logits. */
const softmaxLogits = ({ steps, tensors }: Operations): ReadonlyMap<number, number> =>
  new Map(
    steps.flatMap(({ operation, operands: [logits, normaliser], result }) => {
      if (operation.kind !== 'normalise') return []
      const source = tensors[normaliser!]!.source
      const made = source.kind === 'step' ? steps[source.step]! : undefined
      if (made?.operation.kind !== 'log-sum-exp' || made.operands[0] !== logits)
        throw new Error('ONNX: rows are normalised by something else than their own sum')
      return [[result, logits!] as const]
    }),
  )

/** Whether a step is the Shannon entropy of each row of a softmax. */
const isShannonOf = (logitsOf: ReadonlyMap<number, number>, { operation, operands }: Step): boolean =>
  operation.kind === 'categorical-entropy' && operation.measure === 'shannon' && logitsOf.has(operands[0]!)

/** How elements of a wire are written: numbers of elements, or coordinates. */
export const elementType = ({ kind }: Wire): ElementType => (kind === 'real' ? 'float32' : 'int64')

/** An element number, the symbols of a sequence, or coordinates, for each member of the batch. */
export const inputShape = (wire: Wire): Shape => {
  switch (wire.kind) {
    case 'finite':
      return [perMember]
    case 'sequence':
      return [perMember, fixed(wire.length)]
    case 'real':
      return [perMember, fixed(wire.dimension)]
  }
}
