/**
 * Boxes as steps and factors.
 *
 * A wire is either a value (a deterministic function of the diagram's inputs, so one value for each member of the batch) or random
 * (an index of the factor graph). Boxes on values become maps and gathers; stochastic boxes become factors, which are contracted.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import { match } from 'ts-pattern'

import type { Box } from '../../dsl/diagram.js'
import type { NormalForm } from '../../dsl/normal-form.js'
import { cardinality } from '../../dsl/object.js'
import { problem, type Problem } from '../../dsl/problem.js'
import { outputsOf, type WiredBox } from '../../dsl/wiring.js'
import { type Factor, factorOver, type FunctionTable } from './contraction/factor.js'
import { batch } from './contraction/factor-graph.js'
import type { NumericMeaning } from './meaning.js'
import type { Digit, Operation, Term } from './operation.js'
import type { Value } from './plan.js'
import type { PlanRecorder } from './plan-recorder.js'
import { productOf, radicesOf, stridesOf, widthOf } from './wire-numbers.js'

export interface PlannedBoxes {
  /** What is known of each wire that is a value. */
  readonly values: ReadonlyMap<number, Value>
  readonly factors: readonly Factor[]
}

/** What boxes are planned for. */
export interface BoxesTask {
  readonly form: NormalForm
  readonly meanings: ReadonlyMap<string, NumericMeaning>
  readonly batchSize: number
  /** The boxes that each member of the batch has a meaning of its own for. */
  readonly varying: ReadonlySet<string>
}

/** Records what the boxes of a normal form do with values. Problems: `unsupported` for vectors that depend on random outcomes. */
export const planBoxes = (task: BoxesTask, recorder: PlanRecorder): Either<Problem, PlannedBoxes> => {
  const { form, batchSize } = task
  const values = new Map<number, Value>()
  const factors: Factor[] = []
  form.wires.slice(0, form.inputCount).forEach((wire, port) => {
    const width = widthOf(wire)
    values.set(port, { tensor: recorder.tensor(batchSize, width, { kind: 'input', port }), offset: 0, width })
  })
  for (const wired of form.boxes) {
    const meaning = task.meanings.get(wired.box.name)!
    const planned =
      meaning.kind === 'finite-kernel' || meaning.kind === 'finite-function'
        ? right(planFinite(task, recorder, wired, meaning, values))
        : planMap(task, recorder, wired, meaning, values)
    if (isLeft(planned)) return planned
    planned.right.values.forEach((value, port) => values.set(outputsOf(wired)[port]!, value))
    if (planned.right.factor !== undefined) factors.push(planned.right.factor)
  }
  return right({ values, factors })
}

/** What becomes of a box: a value for each output, or a factor. */
interface PlannedBox {
  readonly values: readonly Value[]
  readonly factor: Factor | undefined
}

const planMap = (
  { batchSize, varying }: BoxesTask,
  { tensors, step, parameter: parameterOf }: PlanRecorder,
  wired: WiredBox,
  meaning: Exclude<NumericMeaning, { readonly kind: 'finite-kernel' | 'finite-function' }>,
  values: ReadonlyMap<number, Value>,
): Either<Problem, PlannedBox> => {
  const { box, inputs } = wired
  const unsupported = (what: string, remedy: string): Either<Problem, never> =>
    left(problem('unsupported', `box '${box.name}'`, what, remedy))
  if (varying.has(box.name))
    return unsupported(
      'only finite boxes may vary over the batch',
      'run the evaluator once for each set of these parameters',
    )
  const inputValues = inputs.map((wire) => values.get(wire)).filter((value) => value !== undefined)
  if (inputValues.length < inputs.length)
    return unsupported(
      'it reads a random outcome, and vectors that depend on random outcomes are not compiled',
      'give the box inputs that are functions of the diagram’s inputs',
    )
  const realInput = (): number =>
    inputValues
      .map((value) => value.tensor)
      .reduce((a, b) =>
        step({ kind: 'concatenate', rows: batchSize, left: tensors[a]!.columns, right: tensors[b]!.columns }, [a, b]),
      )
  const parameter = (name: Parameters<typeof parameterOf>[1], rows: number, columns: number): number =>
    parameterOf(box, name, rows, columns, undefined)
  const valueOf = (tensor: number): PlannedBox => ({
    values: [{ tensor, offset: 0, width: tensors[tensor]!.columns }],
    factor: undefined,
  })

  return right(
    match(meaning)
      .returnType<PlannedBox>()
      .with({ kind: 'embedding' }, ({ table }) => {
        const { tensor, offset, width } = inputValues[0]!
        const operation: Operation = {
          kind: 'embed',
          rows: batchSize,
          length: width,
          dimension: table.columns,
          offset,
        }
        return valueOf(step(operation, [tensor, parameter('table', table.rows, table.columns)]))
      })
      .with({ kind: 'layers' }, ({ layers }) =>
        valueOf(
          layers.reduce((x, { weights, activation }, index) => {
            const [rows, columns] = [weights.rows, weights.columns]
            return step({ kind: 'affine', rows: batchSize, inputs: columns, outputs: rows, activation }, [
              x,
              parameter(`weights ${index}`, rows, columns),
              parameter(`bias ${index}`, 1, rows),
            ])
          }, realInput()),
        ),
      )
      .with({ kind: 'softmax-head' }, ({ weights }) => {
        const [rows, columns] = [batchSize, weights.rows]
        const logits = step(
          { kind: 'affine', rows, inputs: weights.columns, outputs: columns, activation: 'identity' },
          [realInput(), parameter('weights', weights.rows, weights.columns), parameter('bias', 1, weights.rows)],
        )
        const normaliser = step({ kind: 'log-sum-exp', rows, columns }, [logits])
        const probabilities = step({ kind: 'normalise', rows, columns }, [logits, normaliser])
        return { values: [], factor: factorOver(probabilities, [batch, outputsOf(wired)[0]!]) }
      })
      .exhaustive(),
  )
}

const planFinite = (
  { batchSize, varying }: BoxesTask,
  recorder: PlanRecorder,
  wired: WiredBox,
  meaning: NumericMeaning,
  values: ReadonlyMap<number, Value>,
): PlannedBox => {
  const { step, parameter: parameterOf } = recorder
  const { box, inputs } = wired
  const outputs = outputsOf(wired)
  const varies = varying.has(box.name)
  const members = varies ? batchSize : undefined
  const parameter = (name: 'kernel' | 'function', rows: number, columns: number): number =>
    parameterOf(box, name, rows, columns, members)
  const known = inputs.map((wire) => values.get(wire))
  const inputSizes = box.inputs.map((wire) => cardinality(wire)!)
  const strides = stridesOf(inputSizes)
  const height = productOf(inputSizes)
  const valuePorts = inputs.map((_, port) => port).filter((port) => known[port] !== undefined)
  const { operands, placeOf } = digitPlaces(
    valuePorts.map((port) => known[port]!),
    batchSize,
    recorder,
  )
  const digitsOf = (port: number, stride: number): readonly Digit[] => {
    const { width } = known[port]!
    const { operand, column } = placeOf(known[port]!)
    const digitStrides = stridesOf(radicesOf(box.inputs[port]!))
    return Array.from({ length: width }, (_, k) => ({
      operand,
      column: column + k,
      stride: stride * digitStrides[k]!,
    }))
  }
  /** Where the table of a member begins, if each has its own. */
  const memberTerms = (rowsEach: number): readonly Term[] => (varies ? [{ index: 0, stride: rowsEach }] : [])
  const ownRow = varies ? { at: [{ index: 0, stride: 1 }] } : {}
  const isFunction = box.deterministic || meaning.kind === 'finite-function'
  const widths = box.outputs.map(widthOf)
  const width = widths.reduce((total, each) => total + each, 0)

  if (valuePorts.length === inputs.length && isFunction && width > 0) {
    const table = parameter('function', height, width)
    const digits = valuePorts.flatMap((port) => digitsOf(port, strides[port]!))
    const terms = memberTerms(height)
    const result = step({ kind: 'gather', sizes: [batchSize], columns: width, terms, digits, ...ownRow }, [
      table,
      ...operands,
    ])
    const offsets = widths.map((_, port) => widths.slice(0, port).reduce((total, each) => total + each, 0))
    return {
      values: widths.map((each, port) => ({ tensor: result, offset: offsets[port]!, width: each })),
      factor: undefined,
    }
  }

  const outputSizes = box.outputs.map((wire) => cardinality(wire)!)
  const columns = outputSizes[outputSizes.length - 1] ?? 1
  const outputRows = outputSizes.slice(0, -1)
  const rowsEach = productOf(outputRows)
  const kernel = (): number => parameter('kernel', height * rowsEach, columns)
  const functionRows = (): number => parameter('function', height, width)
  if (valuePorts.length === 0) {
    const indices = [...(varies ? [batch] : []), ...inputs, ...outputs]
    const table = isFunction ? functionTable(box, indices.length - outputs.length, functionRows) : undefined
    return { values: [], factor: { ...factorOver(-1, indices), tensor: kernel, table } }
  }
  const randomPorts = inputs.map((_, port) => port).filter((port) => known[port] === undefined)
  const randomInputs = randomPorts.map((port) => inputs[port]!)
  /** The rows of a table that are at the known inputs, with `each` rows for each input, of these `outer` indices. */
  const rowsAtValues = (table: number, tableColumns: number, outer: readonly number[], each: number): number => {
    const outerStrides = stridesOf(outer)
    const terms: Term[] = [
      ...memberTerms(height * each),
      ...randomPorts.map((port, k) => ({ index: 1 + k, stride: strides[port]! * each })),
      ...outer.map((_, k) => ({ index: 1 + randomPorts.length + k, stride: outerStrides[k]! })),
    ]
    const digits = valuePorts.flatMap((port) => digitsOf(port, strides[port]! * each))
    const sizes = [batchSize, ...randomPorts.map((port) => inputSizes[port]!), ...outer]
    return step({ kind: 'gather', sizes, columns: tableColumns, terms, digits, ...ownRow }, [table, ...operands])
  }
  const over = factorOver(-1, [batch, ...randomInputs, ...outputs])
  const table = isFunction
    ? functionTable(box, 1 + randomInputs.length, () => rowsAtValues(functionRows(), width, [], 1))
    : undefined
  const tensor = lazily(() => rowsAtValues(kernel(), columns, outputRows, rowsEach))
  return { values: [], factor: { ...over, tensor, table } }
}

/** With the table and the result, as many arrays as every WebGPU gives a kernel: eight. */
const mostDigitArrays = 6

/** Where the digits of some values are read: each tensor is one operand, and too many are put side by side in one. */
const digitPlaces = (
  values: readonly Value[],
  rows: number,
  { tensors, step }: PlanRecorder,
): {
  readonly operands: readonly number[]
  readonly placeOf: (value: Value) => { readonly operand: number; readonly column: number }
} => {
  const distinct = [...new Set(values.map(({ tensor }) => tensor))]
  if (distinct.length <= mostDigitArrays)
    return {
      operands: distinct,
      placeOf: ({ tensor, offset }) => ({ operand: 1 + distinct.indexOf(tensor), column: offset }),
    }
  const starts = new Map<number, number>()
  const all = distinct.reduce((left, right) => {
    starts.set(right, tensors[left]!.columns)
    const widths = { left: tensors[left]!.columns, right: tensors[right]!.columns }
    return step({ kind: 'concatenate', rows, ...widths }, [left, right])
  })
  return {
    operands: [all],
    placeOf: ({ tensor, offset }) => ({ operand: 1, column: (starts.get(tensor) ?? 0) + offset }),
  }
}

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
