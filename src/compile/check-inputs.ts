/** What is handed to an evaluation: whether it is of the right shape and made of elements, before any kernel runs. */
import { type Either, left, right } from 'fp-ts/lib/Either.js'

import { cardinality, showWire, type Wire, type Wires } from '../../dsl/object.js'
import { problem, type Problem } from '../../dsl/problem.js'
import { radicesOf, stridesOf, widthOf } from './wire-numbers.js'

/** The numbers of one input wire for a batch, row-major: element numbers, places of sequences, or coordinates. */
export type BatchInput = ArrayLike<number>

/** An element number that says that a member's output was not observed. */
export const unobserved = -1

/**
 * What was observed of an output: for each member its element, as for an input, or `unobserved` (in each place of a sequence); or the
 * likelihood of each element, batch x cardinality, of which only the ratios in a row matter to the distributions of the other outputs.
 */
export type OutputEvidence = BatchInput | { readonly likelihoods: ArrayLike<number> }

/** What an evaluation is given, apart from meanings. */
export interface Given {
  readonly inputs: readonly BatchInput[]
  readonly evidence: readonly OutputEvidence[]
}

const wrong = (where: string, what: string, remedy: string): Either<Problem, never> =>
  left(problem('invalid-value', where, what, remedy))

/** The size of the batch, if everything is there, of that size, and made of elements of its wire. */
export const checkGiven = (
  { inputs, evidence }: Given,
  wires: Wires,
  observed: readonly Wire[],
  stated: number | undefined,
): Either<Problem, number> => {
  if (inputs.length !== wires.length)
    return wrong('inputs', `there are ${inputs.length}`, `give one array for each of the ${wires.length} input wires`)
  if (evidence.length !== observed.length)
    return wrong(
      'evidence',
      `there is some for ${evidence.length} outputs`,
      `give one for each of the ${observed.length} observed outputs`,
    )
  const ports: readonly Port[] = [
    ...wires.map((wire, port): Port => portOf(`input ${port}, ${showWire(wire)}`, wire, inputs[port]!, false)),
    ...observed.map((wire, place): Port => {
      const given = evidence[place]!
      const where = `evidence ${place}, ${showWire(wire)}`
      return isLikelihoods(given)
        ? { where, entries: given.likelihoods, width: cardinality(wire)!, wrongEntry: wrongLikelihood }
        : portOf(where, wire, given, true)
    }),
  ]
  const first = ports.find(({ width }) => width > 0)
  const batch = stated ?? (first === undefined ? 1 : first.entries.length / first.width)
  if (!Number.isInteger(batch) || batch < 1)
    return wrong(
      first?.where ?? 'batch',
      `${first?.entries.length ?? batch} numbers make no batch`,
      `give ${first?.width ?? 0} numbers for each member of the batch, and at least one member`,
    )
  for (const { where, entries, width, wrongEntry } of ports) {
    if (entries.length !== batch * width)
      return wrong(where, `it has ${entries.length} numbers`, `give ${width} for each of the ${batch} members`)
    for (let index = 0; index < entries.length; index++) {
      const fault = wrongEntry(entries[index]!, index % width)
      if (fault !== undefined) return wrong(`${where}, number ${index}`, fault.what, fault.remedy)
    }
  }
  return right(batch)
}

interface Fault {
  readonly what: string
  readonly remedy: string
}

interface Port {
  readonly where: string
  readonly entries: ArrayLike<number>
  readonly width: number
  readonly wrongEntry: (entry: number, place: number) => Fault | undefined
}

const portOf = (where: string, wire: Wire, entries: ArrayLike<number>, mayBeUnobserved: boolean): Port => {
  const width = widthOf(wire)
  if (wire.kind === 'real')
    return {
      where,
      entries,
      width,
      wrongEntry: (entry) =>
        Number.isFinite(entry) ? undefined : { what: `${entry} is no finite number`, remedy: 'give finite numbers' },
    }
  const radices = radicesOf(wire)
  return {
    where,
    entries,
    width,
    wrongEntry: (entry, place) =>
      (Number.isInteger(entry) && entry >= 0 && entry < radices[place]!) || (mayBeUnobserved && entry === unobserved)
        ? undefined
        : {
            what: `${entry} is no element`,
            remedy: `give whole numbers from 0 to ${radices[place]! - 1}${mayBeUnobserved ? ', or -1 for what was not observed' : ''}`,
          },
  }
}

const wrongLikelihood = (entry: number): Fault | undefined =>
  Number.isFinite(entry) && entry >= 0
    ? undefined
    : { what: `${entry} is no likelihood`, remedy: 'give finite numbers that are not negative' }

const isLikelihoods = (evidence: OutputEvidence): evidence is Exclude<OutputEvidence, BatchInput> =>
  'likelihoods' in evidence

/** Evidence as likelihoods: batch x cardinality, 1 at what was seen, and 1 everywhere where nothing was. */
export const likelihoodsOf = (evidence: OutputEvidence, wire: Wire, batch: number): ArrayLike<number> => {
  if (isLikelihoods(evidence)) return evidence.likelihoods
  const size = cardinality(wire)!
  const strides = stridesOf(radicesOf(wire))
  const entries = new Float32Array(batch * size)
  for (let member = 0; member < batch; member++) {
    const places = strides.map((_, place) => evidence[member * strides.length + place]!)
    if (!places.includes(unobserved))
      entries[member * size + strides.reduce((sum, stride, place) => sum + stride * places[place]!, 0)] = 1
    else if (places.every((place) => place === unobserved)) entries.fill(1, member * size, (member + 1) * size)
    // Some places of a sequence were seen: every sequence that has these is as likely.
    else
      for (let element = 0; element < size; element++) {
        const fits = strides.every(
          (stride, place) =>
            places[place] === unobserved || Math.floor(element / stride) % radicesOf(wire)[place]! === places[place],
        )
        if (fits) entries[member * size + element] = 1
      }
  }
  return entries
}

/** The members from one to another. */
export const membersOf = (
  { inputs, evidence }: Given,
  wires: Wires,
  observed: readonly Wire[],
  from: number,
  to: number,
): Given => {
  const cut = (entries: ArrayLike<number>, width: number): ArrayLike<number> =>
    Float64Array.from({ length: (to - from) * width }, (_, index) => entries[from * width + index]!)
  return {
    inputs: inputs.map((entries, port) => cut(entries, widthOf(wires[port]!))),
    evidence: evidence.map((given, place) => {
      const wire = observed[place]!
      return isLikelihoods(given)
        ? { likelihoods: cut(given.likelihoods, cardinality(wire)!) }
        : cut(given, widthOf(wire))
    }),
  }
}

/** Which of the outputs are observed, as wires. */
export const observedWires = (outputs: Wires, observed: readonly number[]): Either<Problem, readonly Wire[]> => {
  const wires: Wire[] = []
  for (const [place, port] of observed.entries()) {
    const wire = outputs[port]
    if (wire === undefined)
      return wrong('observed', `there is no output ${port}`, `give numbers from 0 to ${outputs.length - 1}`)
    if (observed.indexOf(port) !== place) return wrong('observed', `output ${port} occurs twice`, 'name it once')
    if (wire.kind === 'real')
      return left(
        problem('unsupported', `output ${port}, ${showWire(wire)}`, 'a vector is observed', 'observe finite wires'),
      )
    wires.push(wire)
  }
  return right(wires)
}
