/**
 * d-separation: conditional independence that is read off a diagram.
 *
 * The wires that a question names are outputs of the diagram (`bloom` makes every wire an output). To ask whether X and Y are
 * independent given Z:
 *
 *  1. discard the other outputs and normalise: the boxes that only they need disappear;
 *  2. cut every wire of Z: its producer keeps a loose end, and each of its readers gets an input of its own;
 *  3. X and Y are separated when no path of boxes and uncut wires joins a wire of X to a wire of Y.
 *
 *     season ─┬────────────── Season           season ──── Season
 *             ├─ rain ─────── Rain        cut  Season ──── rain ─────── Rain
 *             └─ sprinkler ── Sprinkler        Season ──── sprinkler ── Sprinkler
 *
 * What the answers mean. Separated: in every Markov category with conditionals, and for every meaning of the boxes, X and Y are
 * independent given Z. Connected: the wiring alone does not imply it; if the boxes are different and not deterministic and the wires
 * have two or more elements, some stochastic matrices for the boxes make X and Y dependent given Z.
 *
 * An input of the diagram is a wire without a producer, and two inputs are not joined by being inputs: the statement is about the
 * diagram with any fixed values of its inputs, or any distribution that makes its input wires independent of each other. A box with
 * several outputs joins them. A box that contains a diagram is one box, until it is opened (`open`). A deterministic box is a box
 * like any other once equal ones have been shared, as equality demands: independences that hold only because a wire is a function of
 * given ones are not found.
 *
 * Source: T. Fritz and A. Klingler, "The d-separation criterion in categorical probability" (2023).
 */
import { type Either, isLeft, right } from 'fp-ts/lib/Either.js'

import { ancestralBoxes, connection, wireGraph } from './connection.js'
import type { Diagram } from './diagram.js'
import { type NormalForm, normalForm } from './normal-form.js'
import type { Wire } from './object.js'
import { outputPorts, type OutputReference } from './output-port.js'
import type { Problem } from './problem.js'
import { diagramOf, type WiredBox } from './wiring.js'

/** Are X and Y independent given Z? Outputs by number or by name; the three lists may overlap, and outputs may share wires. */
export interface SeparationQuestion {
  readonly x: readonly OutputReference[]
  readonly y: readonly OutputReference[]
  readonly given?: readonly OutputReference[]
  /** Names for the outputs, such as `bloom` gives; the names of their wires if left out. */
  readonly names?: readonly string[]
}

export type Separation = Separated | Connected

/** No path joins X and Y in the cut diagram. */
export interface Separated {
  readonly kind: 'separated'
  /**
   * The diagram that has been normalised and cut. Its inputs are those of the original, then one for each place where a box read a
   * given wire; its outputs are the outputs that the question names, in their order in the original.
   */
  readonly cut: Diagram
  /** For each output of `cut` the number of the output of the original. */
  readonly outputs: readonly number[]
  /** For each input of `cut` beyond those of the original what it was. */
  readonly severed: readonly SeveredEnd[]
}

/** The place where a box read a given wire. */
export interface SeveredEnd {
  /** An output of the original diagram that carries the given wire. */
  readonly given: number
  /** The name of the box, and the input of it that the wire went to. */
  readonly reader: string
  readonly port: number
}

/** A path joins X and Y. */
export interface Connected {
  readonly kind: 'connected'
  /**
   * A shortest path from a wire of X to a wire of Y: a wire, a box that reads or produces it, a wire that this box reads or produces,
   * and so on. No wire of it is given, and from every box of it an output is reached that the question names.
   */
  readonly path: readonly PathStep[]
}

/** A wire or a box on a path. */
export interface PathStep {
  readonly kind: 'wire' | 'box'
  /** The name of the box; for a wire the name of an output that carries it, or its own. */
  readonly name: string
  /** Its number among the wires or the boxes of `normalForm(diagram)`. */
  readonly number: number
}

/**
 * Whether the diagram separates X from Y given Z, with the cut diagram or with a path as evidence; in linear time.
 *
 * X and Y that share a wire are connected by it unless it is given; a wire of X or Y that is given needs no separation. Equal diagrams
 * get the same answer. Errors: those of `outputPorts`.
 *
 * @example
 * const [Season, Rain, Sprinkler] = [finite('Season', 4), finite('Rain', 2), finite('Sprinkler', 2)]
 * const [rain, sprinkler] = [box('rain', [Season], [Rain]), box('sprinkler', [Season], [Sprinkler])]
 * const { diagram } = bloom(seq(state('season', [Season]), copy(Season), par(rain, sprinkler)))
 * const ask = (given: readonly string[]) => toUnion(separated(diagram, { x: ['Rain'], y: ['Sprinkler'], given }))
 * ask(['Season']).kind // => 'separated'
 * ask([]).kind // => 'connected'
 */
export const separated = (
  diagram: Diagram,
  { x, y, given = [], names }: SeparationQuestion,
): Either<Problem, Separation> => {
  const named = outputPorts(diagram, [...x, ...y, ...given], names)
  if (isLeft(named)) return named
  const ports = named.right
  const firstGiven = x.length + y.length
  const form = normalForm(diagram)
  const wires = ports.map((port) => form.outputs[port]!)
  const path = connection(wireGraph(form), {
    x: wires.slice(0, x.length),
    y: wires.slice(x.length, firstGiven),
    given: wires.slice(firstGiven),
  })
  if (path === undefined) return right(cutAt(form, ports, ports.slice(firstGiven)))

  const wireNames = form.wires.map(({ name }) => name)
  // Backwards, so that a wire that is carried by several outputs has the name of the first.
  if (names !== undefined)
    for (let port = names.length - 1; port >= 0; port--) wireNames[form.outputs[port]!] = names[port]!
  const step = (node: number): PathStep => {
    const name = wireNames[node]
    if (name !== undefined) return { kind: 'wire', name, number: node }
    const number = node - form.wires.length
    return { kind: 'box', name: form.boxes[number]!.box.name, number }
  }
  return right({ kind: 'connected', path: path.map(step) })
}

/** A normal form with all but some outputs discarded, and cut at the wires of the given ones. */
const cutAt = (form: NormalForm, ports: readonly number[], given: readonly number[]): Separated => {
  const outputs = [...new Set(ports)].sort((a, b) => a - b)
  const kept = ancestralBoxes(
    form,
    outputs.map((port) => form.outputs[port]!),
  )
  const boxes = form.boxes.filter((_, index) => kept[index] === 1)
  const givenBy = new Map(given.map((port) => [form.outputs[port]!, port]))

  const wires: Wire[] = form.wires.slice(0, form.inputCount)
  const severed: SeveredEnd[] = []
  for (const { box, inputs } of boxes)
    inputs.forEach((wire, port) => {
      const carrier = givenBy.get(wire)
      if (carrier === undefined) return
      severed.push({ given: carrier, reader: box.name, port })
      wires.push(form.wires[wire]!)
    })

  const inputCount = wires.length
  const renamed = new Int32Array(form.wires.length)
  for (let wire = 0; wire < form.inputCount; wire++) renamed[wire] = wire
  let looseEnd = form.inputCount
  const cutBoxes = boxes.map(({ box, inputs, firstOutput }): WiredBox => {
    const numbered = wires.length
    box.outputs.forEach((wire, port) => {
      renamed[firstOutput + port] = numbered + port
      wires.push(wire)
    })
    return {
      box,
      inputs: inputs.map((wire) => (givenBy.has(wire) ? looseEnd++ : renamed[wire]!)),
      firstOutput: numbered,
    }
  })
  const returns = outputs.map((port) => renamed[form.outputs[port]!]!)
  return {
    kind: 'separated',
    cut: diagramOf({ wires, inputCount, boxes: cutBoxes, outputs: returns }),
    outputs,
    severed,
  }
}

/**
 * A path as one line of text, boxes in brackets.
 *
 * @example
 * const A = finite('A', 2)
 * const answer = toUnion(separated(bloom(seq(state('a', [A]), box('f', [A], [A]))).diagram, { x: [0], y: [1] }))
 * answer.kind === 'connected' ? showPath(answer.path) : '' // => 'A - [f] - A'
 */
export const showPath = (path: readonly PathStep[]): string =>
  path.map(({ kind, name }) => (kind === 'box' ? `[${name}]` : name)).join(' - ')
