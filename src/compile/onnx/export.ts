/**
 * Diagrams as ONNX models, for any program that runs these.
 */
import { type Either, isLeft, left, map, right } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'

import type { Diagram } from '../../../dsl/diagram.js'
import { showObject, showSome } from '../../../dsl/legible.js'
import { normalForm } from '../../../dsl/normal-form.js'
import { cardinality, showWire, type Wire, type Wires } from '../../../dsl/object.js'
import { problem, type Problem } from '../../../dsl/problem.js'
import type { CategoricalEntropyName } from '../../information/categorical-entropy.js'
import { openMeaningless } from '../../interpret.js'
import type { NumericMeanings } from '../meaning.js'
import { parameterEntries } from '../parameters.js'
import type { Plan } from '../plan.js'
import { checkMeanings, planOf } from '../plan-of.js'
import { fixed, perMember, type Shape, type Value } from './graph-builder.js'
import { inputShape, lowerPlan, type ParameterValues } from './lower-plan.js'
import { type Model, modelBytes } from './model.js'
import { columns, reshape } from './operators.js'

export interface ExportOptions {
  /** The name of the graph. */
  readonly name?: string
  /** Categorical entropies of the joint distribution of the random outputs, as outputs `entropy_shannon`, ... */
  readonly entropies?: readonly CategoricalEntropyName[]
  /** Whether parameters are in the model, or are given at each run as inputs such as `f_kernel`. */
  readonly parameters?: 'constants' | 'inputs'
}

/**
 * The ONNX model of a diagram with a meaning for each box, as the bytes of an .onnx file: operator set 17, float32.
 *
 * Inputs bear the names of their wires: element numbers (int64, [batch] for a finite set, [batch, length] for a sequence) or
 * coordinates (float32, [batch, dimension]). Outputs that are functions of the inputs do likewise; the random ones are one joint
 * distribution, [batch, size, ...] with an axis for each, named after their wires joined by `_`, and without the batch where no input
 * bears on it. Names are made identifiers by underscores, and unique by numbers; the model's metadata say under `markovcat`, as JSON,
 * which wire is which tensor, and what its elements are called.
 *
 * Errors: those of `compile`; `unsupported` for a diagram without outputs, and for one in which a box gives an empty vector.
 *
 * @example
 * const Weather = finite('Weather', ['sun', 'rain'])
 * const model = exportOnnx(box('forecast', [Weather], [Weather]), { forecast: [[0.9, 0.1], [0.5, 0.5]] })
 * isRight(model) // => true
 */
export const exportOnnx = (
  diagram: Diagram,
  meanings: NumericMeanings,
  options: ExportOptions = {},
): Either<Problem, Uint8Array> => pipe(onnxModel(diagram, meanings, options), map(modelBytes))

/** The model that `exportOnnx` writes, as data. */
export const onnxModel = (
  diagram: Diagram,
  meanings: NumericMeanings,
  { name = 'diagram', entropies = [], parameters = 'constants' }: ExportOptions = {},
): Either<Problem, Model> => {
  if (diagram.outputs.length === 0)
    return left(
      problem('unsupported', 'export', 'the diagram has no outputs', 'give it one, so that there is something to run'),
    )
  const form = normalForm(openMeaningless(diagram, meanings))
  const checked = checkMeanings(form, meanings)
  if (isLeft(checked)) return checked
  const planned = planOf({
    form,
    meanings: checked.right,
    batchSize: 1,
    question: 'joint',
    measures: entropies,
    observed: [],
    varying: new Set(),
  })
  if (isLeft(planned)) return planned
  if (planned.right.tensors.some(({ rows, columns, source }) => source.kind === 'step' && rows * columns === 0))
    return left(
      problem(
        'unsupported',
        'export',
        'a box gives a vector without coordinates, or an element of an empty set',
        'leave such wires out',
      ),
    )
  const entriesOf: ParameterValues = ({ source }) => {
    if (source.kind !== 'parameter') throw new Error(`exportOnnx: a ${source.kind} is no parameter`)
    return parameterEntries(source.box, checked.right.get(source.box.name)!, source.parameter)
  }
  return right(modelOf(name, planned.right, diagram.inputs, parameters === 'constants' ? entriesOf : undefined))
}

const modelOf = (name: string, plan: Plan, inputs: Wires, parameters: ParameterValues | undefined): Model => {
  const { graph, operands, inputNames } = lowerPlan(plan, inputs, parameters)
  const members = inputs.length === 0 ? fixed(plan.batch) : perMember
  const { answer, axes: random, readouts } = plan

  const joint = answer?.kind === 'joint' ? operands[answer.tensor]! : undefined
  const batch: Shape = joint?.batched === true ? [perMember] : []
  const jointOutput = (axes: Wires, value: Value): string =>
    graph.output(
      axes.map((wire) => wire.name).join('_'),
      reshape(graph, value, [...batch, ...axes.map((wire) => fixed(cardinality(wire)!))]),
      `joint distribution of ${showSome(axes, showWire)}`,
    )
  const jointName = joint === undefined ? '' : jointOutput(random, joint.value)
  const outputs = plan.outputs.map((output): PortMeaning => {
    const { wire } = output
    if (output.kind === 'random') return { wire, tensor: jointName, axis: batch.length + output.axis }
    if (output.kind === 'observed') throw new Error('exportOnnx: nothing is observed')
    const { tensor, offset, width } = output.value
    const { value, columns: all } = operands[tensor]!
    const chosen = columns(graph, reshape(graph, value, [members, fixed(all)]), offset, width)
    const shaped = reshape(graph, chosen, [members, ...inputShape(wire).slice(1)])
    return { wire, tensor: graph.output(wire.name, shaped, showWire(wire)) }
  })
  const entropies = readouts.map(({ measure, tensor }) => {
    const value = reshape(graph, operands[tensor]!.value, batch)
    return [measure, graph.output(`entropy_${measure}`, value, `${measure} categorical entropy, in nats`)] as const
  })
  const meaning: ModelMeaning = {
    inputs: inputs.map((wire, port) => ({ wire, tensor: inputNames[port]! })),
    outputs,
    entropies: Object.fromEntries(entropies),
  }
  const description = `${showObject(inputs)} -> ${showObject(plan.outputs.map(({ wire }) => wire))}`
  return {
    producer: 'markovcat',
    graph: graph.graph(name, description),
    metadata: { markovcat: JSON.stringify(meaning) },
  }
}

/** What the tensors of a model are to its diagram: what its metadata says. */
interface ModelMeaning {
  readonly inputs: readonly PortMeaning[]
  readonly outputs: readonly PortMeaning[]
  readonly entropies: Readonly<Partial<Record<CategoricalEntropyName, string>>>
}

/** A wire of the boundary and its tensor; a random output is an axis of one. */
interface PortMeaning {
  readonly wire: Wire
  readonly tensor: string
  readonly axis?: number
}
