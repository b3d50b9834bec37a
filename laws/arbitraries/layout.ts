/**
 * Straight-line programs, and the many terms that each of them can be written as.
 */
import { type Box, copy, type Diagram, discard, id, par, permute, seq, swap } from '../../dsl/diagram.js'
import type { Wire, Wires } from '../../dsl/object.js'

/** A box applied to wires by number; what it writes has numbers of its own. */
export interface Step {
  readonly box: Box
  readonly reads: readonly number[]
  readonly writes: readonly number[]
}

/** Boxes one after another, each reading inputs (the first numbers) or what earlier ones wrote; reuse is copy, non-use discard. */
export interface StraightLine {
  readonly inputs: Wires
  /** The type of every wire, by number. */
  readonly types: Wires
  readonly steps: readonly Step[]
  readonly outputs: readonly number[]
}

/** A number from 0 to below a count. */
export type Choose = (count: number) => number

/**
 * A diagram that denotes the program. The choices say which of the boxes that could come next does, how copies are nested and
 * permutations written, what is discarded at once and what at the end, and where brackets go.
 */
export const layOut = (line: StraightLine, choose: Choose): Diagram => {
  const layers: Diagram[] = []
  let waiting = [...line.steps]
  let current: readonly number[] = line.inputs.map((_, wire) => wire)
  while (waiting.length > 0) {
    const ready = waiting.filter(({ reads }) => reads.every((wire) => current.includes(wire)))
    const step = ready[choose(ready.length)]
    if (step === undefined) throw new Error('layOut: a box reads a wire that nothing has written')
    waiting = waiting.filter((other) => other !== step)
    const needed = new Set([...waiting.flatMap(({ reads }) => reads), ...line.outputs])
    const kept = current.filter((wire) => needed.has(wire) || choose(2) === 0)
    const idle = id(...typesOf(line, kept))
    if (choose(2) === 0) {
      layers.push(select(line, current, [...kept, ...step.reads], choose), par(idle, step.box))
      current = [...kept, ...step.writes]
    } else {
      layers.push(select(line, current, [...step.reads, ...kept], choose), par(step.box, idle))
      current = [...step.writes, ...kept]
    }
  }
  layers.push(select(line, current, line.outputs, choose))
  return bracket(layers, seqAll, choose)
}

const typesOf = ({ types }: StraightLine, wires: readonly number[]): Wires => wires.map((wire) => types[wire]!)

/** Copies, discards and a permutation that lead from distinct wires to wires, each any number of times. */
const select = (line: StraightLine, current: readonly number[], wanted: readonly number[], choose: Choose): Diagram => {
  const count = (wire: number): number => wanted.filter((other) => other === wire).length
  const spread = current.flatMap((wire) => Array.from({ length: count(wire) }, () => wire))
  // Output k takes the first place of its wire that no earlier output has taken.
  const taken = new Set<number>()
  const order = wanted.map((wire) => {
    const place = spread.findIndex((other, index) => other === wire && !taken.has(index))
    taken.add(place)
    return place
  })
  const fans = current.map((wire) => fan(line.types[wire]!, count(wire), choose))
  return seq(bracket(fans, parAll, choose), permutation(typesOf(line, spread), order, choose))
}

/** One wire as so many, with copies nested to either side. */
const fan = (wire: Wire, count: number, choose: Choose): Diagram => {
  if (count === 0) return discard(wire)
  if (count === 1) return id(wire)
  const rest = fan(wire, count - 1, choose)
  return seq(copy(wire), choose(2) === 0 ? par(rest, id(wire)) : par(id(wire), rest))
}

/** A permutation as one node, or as swaps of neighbours. */
const permutation = (wires: Wires, order: readonly number[], choose: Choose): Diagram => {
  if (choose(2) === 0) return permute(wires, order)
  const current = wires.map((_, index) => index)
  let result: Diagram = id(...wires)
  order.forEach((wanted, place) => {
    for (let at = current.indexOf(wanted); at > place; at--) {
      const now = current.map((index) => wires[index]!)
      const crossing = swap([now[at - 1]!], [now[at]!])
      result = seq(result, par(id(...now.slice(0, at - 1)), crossing, id(...now.slice(at + 1))))
      current.splice(at - 1, 2, current[at]!, current[at - 1]!)
    }
  })
  return result
}

const seqAll = (parts: readonly Diagram[]): Diagram => {
  const [first, ...rest] = parts
  return first === undefined ? id() : seq(first, ...rest)
}
const parAll = (parts: readonly Diagram[]): Diagram => par(...parts)

/** A composite of parts with brackets somewhere. */
const bracket = (
  parts: readonly Diagram[],
  compose: (parts: readonly Diagram[]) => Diagram,
  choose: Choose,
): Diagram => {
  if (parts.length < 2 || choose(3) === 0) return compose(parts)
  const cut = 1 + choose(parts.length - 1)
  return compose([bracket(parts.slice(0, cut), compose, choose), bracket(parts.slice(cut), compose, choose)])
}
