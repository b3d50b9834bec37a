/**
 * From the normal form of a diagram to a plan: which tensors there are, and the operations that fill them, in order. A plan is data.
 *
 * A wire is either a value (a deterministic function of the diagram's inputs, so one value for each member of the batch) or random
 * (an index of the factor graph). Boxes on values become maps and gathers; stochastic boxes become factors, which are contracted.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import { match } from 'ts-pattern'

import type { Box } from '../../dsl/diagram.js'
import type { NormalForm } from '../../dsl/normal-form.js'
import { cardinality, showWire, sizeOf, type Wire, type Wires } from '../../dsl/object.js'
import { problem, type Problem } from '../../dsl/problem.js'
import { outputsOf } from '../../dsl/wiring.js'
import type { CategoricalEntropyName } from '../information/categorical-entropy.js'
import { missingMeaning } from '../interpret.js'
import { type Factor, factorOver, type FunctionTable } from './contraction/factor.js'
import { batch, type FactorGraph } from './contraction/factor-graph.js'
import { lowerOrder } from './contraction/lower.js'
import { type ContractionOrder, type OrderOptions } from './contraction/order.js'
import { orderFor } from './contraction/order-for.js'
import type { SavedPlan } from './contraction/saved-plan.js'
import { checkMeaning, type NumericMeaning, numericMeaning, type NumericMeanings } from './meaning.js'
import { type Digit, type Operation, operationCount, resultShape, type Term } from './operation.js'
import type { ParameterName } from './parameters.js'

/** Where the numbers of a tensor come from. */
export type Source =
  | { readonly kind: 'input'; readonly port: number }
  | { readonly kind: 'parameter'; readonly box: Box; readonly parameter: ParameterName }
  | { readonly kind: 'one' }
  /** The values of the indices of a loop, in one row: they change from one time to the next. */
  | { readonly kind: 'loop' }
  | { readonly kind: 'step'; readonly step: number }

export interface Tensor {
  readonly rows: number
  readonly columns: number
  readonly source: Source
}

export interface Step {
  readonly operation: Operation
  readonly operands: readonly number[]
  readonly result: number
}

/** A wire whose value is known for each member of the batch: columns of a tensor. */
export interface Value {
  readonly tensor: number
  readonly offset: number
  readonly width: number
}

/** An output of the diagram: a value, or an axis of the joint distribution. */
export type PlannedOutput =
  | { readonly kind: 'value'; readonly wire: Wire; readonly value: Value }
  | { readonly kind: 'random'; readonly wire: Wire; readonly axis: number }

/**
 * Steps `first` to `last` are done once for each combination of values of sliced indices, the last index running fastest, with these
 * values in `values`; afterwards `result` holds the sum of what it held each time.
 */
export interface Loop {
  readonly sizes: readonly number[]
  readonly count: number
  readonly first: number
  readonly last: number
  readonly values: number
  readonly result: number
}

export interface Plan {
  readonly form: NormalForm
  readonly batch: number
  readonly measures: readonly CategoricalEntropyName[]
  readonly tensors: readonly Tensor[]
  readonly steps: readonly Step[]
  readonly outputs: readonly PlannedOutput[]
  /** The joint distribution of the random outputs, axes in order of first appearance; undefined if every output is a value. */
  readonly distribution: { readonly tensor: number; readonly axes: Wires; readonly batched: boolean } | undefined
  readonly readouts: readonly { readonly measure: CategoricalEntropyName; readonly tensor: number }[]
  /** The factor graph of the random wires and the order in which it is contracted; undefined if every output is a value. */
  readonly contraction: { readonly graph: FactorGraph; readonly order: ContractionOrder } | undefined
  /** The loop over sliced indices, where the contraction would not fit the memory without. */
  readonly loop: Loop | undefined
  /** Predicted operations, and the entries of the largest tensor. */
  readonly operations: number
  readonly largest: number
}

export interface PlanOptions extends OrderOptions {
  /** A plan from `parsePlan` whose order is used again. */
  readonly saved?: SavedPlan
}

/** Tensors larger than this are refused: 2^26 float32 numbers are 256 MiB. */
export const largestTensor = 2 ** 26

/** The meanings of a normal form's boxes, each checked against its box. */
export const checkMeanings = (
  form: NormalForm,
  meanings: NumericMeanings,
): Either<Problem, ReadonlyMap<string, NumericMeaning>> => {
  const checked = new Map<string, NumericMeaning>()
  for (const { box } of form.boxes) {
    const meaning = Object.hasOwn(meanings, box.name) ? meanings[box.name] : undefined
    if (meaning === undefined) return left(missingMeaning(box, Object.keys(meanings)))
    const fits = checkMeaning(box, numericMeaning(meaning))
    if (isLeft(fits)) return fits
    checked.set(box.name, fits.right)
  }
  return right(checked)
}

/**
 * The plan of a normal form for a batch of inputs.
 *
 * Problems: `unsupported` for what cannot be lowered or is too large, also with indices sliced; `invalid-value` for a saved plan of
 * something else.
 */
export const planOf = (
  form: NormalForm,
  meanings: ReadonlyMap<string, NumericMeaning>,
  batchSize: number,
  measures: readonly CategoricalEntropyName[],
  options: PlanOptions = {},
): Either<Problem, Plan> => {
  const tensors: Tensor[] = []
  const steps: Step[] = []
  const values = new Map<number, Value>()
  const factors: Factor[] = []
  const shared = new Map<string, number>()

  const tensor = (rows: number, columns: number, source: Source): number => tensors.push({ rows, columns, source }) - 1
  const once = (key: string, make: () => number): number => {
    const known = shared.get(key) ?? make()
    shared.set(key, known)
    return known
  }
  const parameter = (box: Box, name: ParameterName, rows: number, columns: number): number =>
    once(JSON.stringify([box.name, name, rows, columns]), () =>
      tensor(rows, columns, { kind: 'parameter', box, parameter: name }),
    )
  const step = (operation: Operation, operands: readonly number[]): number => {
    const { rows, columns } = resultShape(operation)
    const result = tensor(rows, columns, { kind: 'step', step: steps.length })
    steps.push({ operation, operands, result })
    return result
  }
  const setValue = (wire: number, value: Value): void => void values.set(wire, value)

  form.wires.slice(0, form.inputCount).forEach((wire, port) => {
    const width = widthOf(wire)
    setValue(port, { tensor: tensor(batchSize, width, { kind: 'input', port }), offset: 0, width })
  })

  const sizeOfIndex = (index: number): number => (index === batch ? batchSize : cardinality(form.wires[index]!)!)

  for (const wired of form.boxes) {
    const { box, inputs } = wired
    const outputs = outputsOf(wired)
    const known = inputs.map((wire) => values.get(wire))
    const inputValues = known.filter((value) => value !== undefined)
    const allValues = inputValues.length === inputs.length
    const meaning = meanings.get(box.name)!
    const realInput = (): number =>
      inputValues
        .map((value) => value.tensor)
        .reduce((a, b) => {
          const [left, right] = [tensors[a]!.columns, tensors[b]!.columns]
          return step({ kind: 'concatenate', rows: batchSize, left, right }, [a, b])
        })

    if (!allValues && (meaning.kind === 'embedding' || meaning.kind === 'layers' || meaning.kind === 'softmax-head'))
      return left(
        problem(
          'unsupported',
          `box '${box.name}'`,
          'it reads a random outcome, and vectors that depend on random outcomes are not compiled',
          'give the box inputs that are functions of the diagram’s inputs',
        ),
      )

    match(meaning)
      .with({ kind: 'embedding' }, ({ table }) => {
        const value = inputValues[0]!
        const operation: Operation = {
          kind: 'embed',
          rows: batchSize,
          length: value.width,
          dimension: table.columns,
          offset: value.offset,
        }
        const operands = [value.tensor, parameter(box, 'table', table.rows, table.columns)]
        setValue(outputs[0]!, { tensor: step(operation, operands), offset: 0, width: value.width * table.columns })
      })
      .with({ kind: 'layers' }, ({ layers }) => {
        let x = realInput()
        layers.forEach(({ weights, activation }, index) => {
          const [rows, columns] = [weights.rows, weights.columns]
          x = step({ kind: 'affine', rows: batchSize, inputs: columns, outputs: rows, activation }, [
            x,
            parameter(box, `weights ${index}`, rows, columns),
            parameter(box, `bias ${index}`, 1, rows),
          ])
        })
        setValue(outputs[0]!, { tensor: x, offset: 0, width: tensors[x]!.columns })
      })
      .with({ kind: 'softmax-head' }, ({ weights }) => {
        const [rows, columns] = [batchSize, weights.rows]
        const logits = step(
          { kind: 'affine', rows, inputs: weights.columns, outputs: columns, activation: 'identity' },
          [
            realInput(),
            parameter(box, 'weights', weights.rows, weights.columns),
            parameter(box, 'bias', 1, weights.rows),
          ],
        )
        const normaliser = step({ kind: 'log-sum-exp', rows, columns }, [logits])
        const probabilities = step({ kind: 'normalise', rows, columns }, [logits, normaliser])
        factors.push(factorOver(probabilities, [batch, outputs[0]!]))
      })
      .with({ kind: 'finite-kernel' }, { kind: 'finite-function' }, () => {
        const inputSizes = box.inputs.map((wire) => cardinality(wire)!)
        const strides = stridesOf(inputSizes)
        const height = inputSizes.reduce((product, size) => product * size, 1)
        const digitsOf = (port: number, operand: number, stride: number): readonly Digit[] => {
          const { offset, width } = known[port]!
          const digitStrides = stridesOf(radicesOf(box.inputs[port]!))
          return Array.from({ length: width }, (_, k) => ({
            operand,
            column: offset + k,
            stride: stride * digitStrides[k]!,
          }))
        }
        const valuePorts = inputs.map((_, port) => port).filter((port) => known[port] !== undefined)
        const operands = valuePorts.map((port) => known[port]!.tensor)
        const isFunction = box.deterministic || meaning.kind === 'finite-function'
        const widths = box.outputs.map(widthOf)
        const width = widths.reduce((total, each) => total + each, 0)

        if (allValues && isFunction && width > 0) {
          const table = parameter(box, 'function', height, width)
          const digits = valuePorts.flatMap((port, k) => digitsOf(port, k + 1, strides[port]!))
          const operation: Operation = { kind: 'gather', sizes: [batchSize], columns: width, terms: [], digits }
          const result = step(operation, [table, ...operands])
          let offset = 0
          outputs.forEach((wire, port) => {
            setValue(wire, { tensor: result, offset, width: widths[port]! })
            offset += widths[port]!
          })
          return
        }

        const outputSizes = box.outputs.map((wire) => cardinality(wire)!)
        const columns = outputSizes[outputSizes.length - 1]!
        const outputRows = outputSizes.slice(0, -1)
        const rowsEach = outputRows.reduce((product, size) => product * size, 1)
        const kernel = (): number => parameter(box, 'kernel', height * rowsEach, columns)
        if (valuePorts.length === 0) {
          const table = isFunction
            ? functionTable(box, inputs.length, () => parameter(box, 'function', height, width))
            : undefined
          factors.push({ ...factorOver(-1, [...inputs, ...outputs]), tensor: kernel, table })
          return
        }
        const randomPorts = inputs.map((_, port) => port).filter((port) => known[port] === undefined)
        const randomInputs = randomPorts.map((port) => inputs[port]!)
        /** The rows of a table that are at the known inputs, with `each` rows for each input, of these `outer` indices. */
        const rowsAtValues = (table: number, tableColumns: number, outer: readonly number[], each: number): number => {
          const outerStrides = stridesOf(outer)
          const terms: Term[] = [
            ...randomPorts.map((port, k) => ({ index: 1 + k, stride: strides[port]! * each })),
            ...outer.map((_, k) => ({ index: 1 + randomPorts.length + k, stride: outerStrides[k]! })),
          ]
          const digits = valuePorts.flatMap((port, k) => digitsOf(port, k + 1, strides[port]! * each))
          const sizes = [batchSize, ...randomPorts.map((port) => inputSizes[port]!), ...outer]
          return step({ kind: 'gather', sizes, columns: tableColumns, terms, digits }, [table, ...operands])
        }
        const over = factorOver(-1, [batch, ...randomInputs, ...outputs])
        const table = isFunction
          ? functionTable(box, 1 + randomInputs.length, () =>
              rowsAtValues(parameter(box, 'function', height, width), width, [], 1),
            )
          : undefined
        factors.push({ ...over, tensor: lazily(() => rowsAtValues(kernel(), columns, outputRows, rowsEach)), table })
      })
      .exhaustive()
  }

  const random = [...new Set(form.outputs.filter((wire) => !values.has(wire)))]
  const batched = factors.some(({ rowIndices }) => rowIndices.includes(batch))
  const wanted = batched ? [batch, ...random] : random
  const ordered =
    random.length === 0
      ? right(undefined)
      : orderFor({ form, batchSize, measures, factors, wanted, sizeOf: sizeOfIndex, most: largestTensor }, options)
  if (isLeft(ordered)) return ordered
  const contraction = ordered.right
  let firstInLoop: number | undefined
  let loopValues: number | undefined
  const distribution =
    contraction === undefined
      ? undefined
      : lowerOrder(contraction.order, factors, wanted, sizeOfIndex, {
          step,
          one: () => once('one', () => tensor(1, 1, { kind: 'one' })),
          loopValues: (count) => (loopValues ??= tensor(1, count, { kind: 'loop' })),
          loopStart: () => void (firstInLoop = steps.length),
        })
  const sliced = contraction?.order.loop
  const loop: Loop | undefined =
    sliced === undefined || distribution === undefined || firstInLoop === undefined || loopValues === undefined
      ? undefined
      : {
          sizes: sliced.indices.map(sizeOfIndex),
          count: sliced.count,
          first: firstInLoop,
          last: steps.length - 1,
          values: loopValues,
          result: distribution.tensor,
        }
  const outputs = form.outputs.map((wire): PlannedOutput => {
    const value = values.get(wire)
    const type = form.wires[wire]!
    return value === undefined
      ? { kind: 'random', wire: type, axis: random.indexOf(wire) }
      : { kind: 'value', wire: type, value }
  })
  const readouts =
    distribution === undefined
      ? []
      : measures.map((measure) => {
          const { rows, columns } = tensors[distribution.tensor]!
          const groups = batched ? batchSize : 1
          const operation: Operation = {
            kind: 'categorical-entropy',
            measure,
            rows: groups,
            group: rows / groups,
            columns,
          }
          return { measure, tensor: step(operation, [distribution.tensor]) }
        })

  const largest = tensors.reduce((most, { rows, columns }) => Math.max(most, rows * columns), 0)
  if (largest > largestTensor)
    return left(
      problem(
        'unsupported',
        'plan',
        `a tensor of ${largest} numbers would be needed`,
        `keep every tensor to at most ${largestTensor}: fewer random outputs at once, or a smaller batch`,
      ),
    )
  return right({
    form,
    batch: batchSize,
    measures,
    tensors,
    steps,
    outputs,
    distribution:
      distribution === undefined
        ? undefined
        : { tensor: distribution.tensor, axes: random.map((wire) => form.wires[wire]!), batched },
    readouts,
    contraction,
    loop,
    operations: steps.reduce((sum, { operation }, index) => sum + timesOf(loop, index) * operationCount(operation), 0),
    largest,
  })
}

/** How many numbers stand for one element of a wire: an element number, one for each place of a sequence, or coordinates. */
export const widthOf = (wire: Wire): number => {
  switch (wire.kind) {
    case 'finite':
      return 1
    case 'sequence':
      return wire.length
    case 'real':
      return wire.dimension
  }
}

/** The number of values that each number of a finite wire takes. */
export const radicesOf = (wire: Wire): readonly number[] => {
  switch (wire.kind) {
    case 'finite':
      return [sizeOf(wire)]
    case 'sequence':
      return Array.from({ length: wire.length }, () => sizeOf(wire.symbols))
    case 'real':
      throw new Error(`radicesOf: ${showWire(wire)} is not finite`)
  }
}

/** Row-major strides of sizes. */
export const stridesOf = (sizes: readonly number[]): readonly number[] => {
  const strides: number[] = []
  let stride = 1
  for (let place = sizes.length - 1; place >= 0; place--) {
    strides.unshift(stride)
    stride *= sizes[place]!
  }
  return strides
}

/** How often a step is done. */
const timesOf = (loop: Loop | undefined, step: number): number =>
  loop !== undefined && step >= loop.first && step <= loop.last ? loop.count : 1

/** The table of a deterministic box, for look-ups: the digits of its outputs side by side. Without digits there is none. */
const functionTable = (box: Box, inputCount: number, tensor: () => number): FunctionTable | undefined => {
  let column = 0
  const outputs = box.outputs.map((wire) => stridesOf(radicesOf(wire)).map((stride) => ({ column: column++, stride })))
  return column === 0 ? undefined : { inputCount, tensor: lazily(tensor), outputs }
}

/** What is made when it is first asked for. */
const lazily = <A>(make: () => A): (() => A) => {
  let known: A | undefined
  return () => (known ??= make())
}
