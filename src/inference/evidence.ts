/**
 * Evidence on the outputs of a diagram: the distribution of the other outputs, with exact zero told apart from underflow.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import type { Box, Diagram } from '../../dsl/diagram.js'
import { type NormalForm, normalForm } from '../../dsl/normal-form.js'
import { showWire, type Wire } from '../../dsl/object.js'
import { type OutputReference, outputPorts } from '../../dsl/output-port.js'
import { problem, type Problem } from '../../dsl/problem.js'
import { logarithms, possibility, scaledProbabilities } from './arithmetic.js'
import { impossible, type Posterior } from '../category/evidence.js'
import { FinStoch, type Rows } from '../category/fin-stoch.js'
import { readElement } from '../category/finite-element.js'
import { sizeOfObject } from '../category/finite-object.js'
import { largestTable, type Situation, stridesOf, sumAtEvidence, type Table, tooLarge } from './frontier.js'
import { interpret, type Meanings, openMeaningless } from '../interpret.js'

/** An observed value of an output: its element by number, or by name where the wire has names. */
export interface Evidence {
  readonly output: OutputReference
  readonly observed: number | string
}

export interface EvidenceOptions {
  /** The element of each input of the diagram, by number or name. */
  readonly inputs?: readonly (number | string)[]
  /** Names for the outputs, such as `bloom` gives; the names of their wires if left out. */
  readonly names?: readonly string[]
  /** Probabilities (faster, may underflow), unless logarithms are asked for (slower, hold every positive probability). */
  readonly arithmetic?: 'probabilities' | 'logarithms'
}

/** The posterior is refused if underflow may have moved it by more than this in total variation. */
const underflowBudget = 1e-12

/**
 * The joint distribution of the outputs without evidence, in their order, given the evidence on the others; and the logarithm of the
 * probability of the evidence (nats).
 *
 * The diagram is summed box after box at the evidence and no matrix of the whole is built, so that it may have thousands of observed
 * outputs. Errors: `impossible-evidence` where the evidence has probability zero, decided by the supports of the boxes; `underflow`
 * where it is possible and doubles have lost it, or more than 1e-12 of the posterior; `out-of-range`, `unknown-name` and
 * `invalid-value` for what is no output or no element; `unsupported` for a distribution with too many entries or a wire that is not
 * finite; and those of `interpret`.
 *
 * @example
 * const [Weather, Grass] = [finite('Weather', ['sun', 'rain']), finite('Grass', ['dry', 'wet'])]
 * const garden = seq(state('weather', [Weather]), copy(Weather), par(id(Weather), box('grass', [Weather], [Grass])))
 * const meanings = { weather: [[0.75, 0.25]], grass: [[0.9, 0.1], [0.2, 0.8]] }
 * const given = toUnion(observeDiagram(garden, meanings, [{ output: 'Grass', observed: 'wet' }]))
 * Array.from(given.distribution.entries) // => [0.2727272727272727, 0.7272727272727273]
 * Math.exp(given.logEvidence) // => 0.275
 */
export const observeDiagram = (
  diagram: Diagram,
  meanings: Meanings<Rows>,
  evidence: readonly Evidence[],
  { inputs = [], names, arithmetic = 'probabilities' }: EvidenceOptions = {},
): Either<Problem, Posterior> => {
  const ports = outputPorts(
    diagram,
    evidence.map(({ output }) => output),
    names,
  )
  if (isLeft(ports)) return ports
  const form = normalForm(openMeaningless(diagram, meanings))
  const where = showEvidence(evidence)
  const known = knownWires(form, inputs, evidence, ports.right)
  if (isLeft(known)) return known
  if (known.right === 'contradiction') return left(impossible(where, 'give a wire one value only'))
  const asked = situationOf(form, meanings, known.right)
  if (isLeft(asked)) return asked
  const situation = asked.right
  const rest = form.outputs.filter((_, port) => !ports.right.includes(port))
  const codomain = rest.map((wire) => situation.sizes[wire]!)
  const size = sizeOfObject(codomain)
  if (size > largestTable) return left(tooLarge(rest.length, size))
  const remedy = 'observe something else, or give the boxes on its way other probabilities'

  if (arithmetic === 'logarithms') {
    const summed = sumAtEvidence(situation, logarithms)
    if (isLeft(summed)) return summed
    const { wires, entries } = summed.right
    const largest = entries.reduce((a, b) => Math.max(a, b), -Infinity)
    if (largest === -Infinity) return left(impossible(where, remedy))
    return right(
      normalised(situation, rest, codomain, { wires, entries: entries.map((log) => Math.exp(log - largest)) }, largest),
    )
  }

  const scaled = scaledProbabilities()
  const summed = sumAtEvidence(situation, scaled)
  if (isLeft(summed)) return summed
  const total = summed.right.entries.reduce((sum, entry) => sum + entry, 0)
  if (total > 0 && scaled.lost() <= underflowBudget * total)
    return right(normalised(situation, rest, codomain, summed.right, -scaled.exponent() * Math.LN2))
  if (total === 0) {
    const supports = sumAtEvidence(situation, possibility)
    if (isLeft(supports)) return supports
    if (!supports.right.entries.includes(1)) return left(impossible(where, remedy))
  }
  return left(
    problem(
      'underflow',
      where,
      'the evidence is possible, but so improbable beside what else could have been that doubles lose it',
      "ask again with { arithmetic: 'logarithms' }, or interpret the diagram in the exact category FinStochExact",
    ),
  )
}

/** The wires whose values are known, or that some wire would need two values. */
const knownWires = (
  form: NormalForm,
  inputs: readonly (number | string)[],
  evidence: readonly Evidence[],
  ports: readonly number[],
): Either<Problem, ReadonlyMap<number, number> | 'contradiction'> => {
  if (inputs.length !== form.inputCount)
    return left(
      problem(
        'invalid-value',
        'inputs',
        `there are ${inputs.length} values`,
        `give one for each of the ${form.inputCount} inputs`,
      ),
    )
  const given = [
    ...inputs.map((value, wire) => ({ wire, value, where: `input ${wire}` })),
    ...evidence.map(({ output, observed }, index) => ({
      wire: form.outputs[ports[index]!]!,
      value: observed,
      where: `output '${output}'`,
    })),
  ]
  const known = new Map<number, number>()
  let contradiction = false
  for (const { wire, value, where } of given) {
    const element = elementOf(form.wires[wire]!, value, where)
    if (isLeft(element)) return element
    contradiction ||= (known.get(wire) ?? element.right) !== element.right
    known.set(wire, element.right)
  }
  return right(contradiction ? 'contradiction' : known)
}

/** The number of an element of a wire. */
const elementOf = (wire: Wire, element: number | string, where: string): Either<Problem, number> => {
  const size = FinStoch.objectOf(wire)
  if (isLeft(size)) return size
  if (typeof element === 'number') return readElement(element, size.right, where)
  const elements = wire.kind === 'finite' && typeof wire.elements !== 'number' ? wire.elements : []
  const number = elements.indexOf(element)
  if (number !== -1) return right(number)
  const remedy = elements.length === 0 ? 'give its number' : `the elements are ${elements.slice(0, 12).join(', ')}`
  return left(problem('unknown-name', where, `${showWire(wire)} has no element '${element}'`, remedy))
}

const situationOf = (
  form: NormalForm,
  meanings: Meanings<Rows>,
  known: ReadonlyMap<number, number>,
): Either<Problem, Situation> => {
  const sizes: number[] = []
  for (const wire of form.wires) {
    const object = FinStoch.objectOf(wire)
    if (isLeft(object)) return object
    sizes.push(object.right[0]!)
  }
  const matrices = new Map<Box, Float64Array>()
  const read = interpret(FinStoch, meanings)
  for (const { box } of form.boxes) {
    if (matrices.has(box)) continue
    const matrix = read(box)
    if (isLeft(matrix)) return matrix
    matrices.set(box, matrix.right.entries)
  }
  return right({ form, sizes, matrices, known })
}

/** The posterior of weights over the unknown wires, whose logarithms have been lowered by `logScale`. */
const normalised = (
  { sizes, known }: Situation,
  rest: readonly number[],
  codomain: readonly number[],
  { wires, entries: weights }: Table,
  logScale: number,
): Posterior => {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const entries = new Float64Array(sizeOfObject(codomain))
  const [strides, restStrides] = [stridesOf(wires, sizes), stridesOf(rest, sizes)]
  weights.forEach((weight, place) => {
    // Outputs may share a wire, or carry one whose value is known.
    let element = 0
    rest.forEach((wire, port) => {
      const axis = wires.indexOf(wire)
      const value = axis === -1 ? known.get(wire)! : Math.floor(place / strides[axis]!) % sizes[wire]!
      element += value * restStrides[port]!
    })
    entries[element] = weight / total
  })
  return { distribution: { domain: [], codomain, entries }, logEvidence: Math.log(total) + logScale }
}

const showEvidence = (evidence: readonly Evidence[]): string => {
  const shown = evidence.slice(0, 6).map(({ output, observed }) => `${output} = ${observed}`)
  const more = evidence.length > shown.length ? ` and ${evidence.length - shown.length} more` : ''
  return `evidence ${shown.join(', ')}${more}`
}
