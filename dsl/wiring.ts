/**
 * The wiring graph of a diagram: its boxes, and for every wire the one place that produces it.
 *
 * Copy, discard, permutation and identity are wiring, not boxes: a wire has one producer (an input of the diagram or an output port
 * of a box) and any number of consumers; none is a discard, two or more are a copy. This is the acyclic, left-monogamous cospan of
 * labelled hypergraphs of Fritz and Liang, "Free gs-monoidal categories and free Markov categories" (2023).
 *
 *     wires     0 .. n-1 are the inputs; the outputs of a box are consecutive, box after box
 *     boxes     in an order in which every box comes after the boxes that it reads
 */
import { dataOf } from './application.js'
import type { Box, Diagram, Parallel, Program, Sequential } from './diagram.js'
import type { Wire, Wires } from './object.js'

export interface WiredBox {
  readonly box: Box
  /** The wires that it reads, port by port. */
  readonly inputs: readonly number[]
  /** Its outputs are the wires firstOutput, firstOutput + 1, ... */
  readonly firstOutput: number
}

export interface Wiring {
  /** The type of every wire, by number. */
  readonly wires: Wires
  /** How many of the wires, from 0, are inputs of the diagram. */
  readonly inputCount: number
  readonly boxes: readonly WiredBox[]
  readonly outputs: readonly number[]
}

/** Whether a box that contains a diagram is replaced by it; `depth` counts the opened boxes around it. */
export type Opens = (box: Box, depth: number) => boolean
const keepClosed: Opens = () => false

/** A composite that is being walked: which part comes next, and the wires that its parts have given so far. */
interface Frame {
  readonly node: Sequential | Parallel | Program
  /** How many opened boxes it is inside. */
  readonly depth: number
  next: number
  /** seq: the wires between two parts. par: all the wires that come in. */
  wires: readonly number[]
  /** par: how many of the wires have been handed to parts. */
  taken: number
  /** par: what the parts gave. program: the wires that each of the program's numbers stands for. */
  readonly given: number[]
}

/**
 * The wiring graph of a diagram, in time linear in the diagram.
 *
 * @example
 * const A = finite('A', 2)
 * const f = box('f', [A], [A])
 * wiringOf(seq(f, copy(A), par(f, discard(A)))).outputs // => [2]
 */
export const wiringOf = (diagram: Diagram, opens: Opens = keepClosed): Wiring => {
  const wires: Wire[] = [...diagram.inputs]
  const boxes: WiredBox[] = []
  const stack: Frame[] = []
  // The diagram at hand with the wires that reach it; or, once it has been walked, the wires that it gives.
  let current: Diagram | undefined = dataOf(diagram)
  let reached: readonly number[] = diagram.inputs.map((_, index) => index)

  for (;;) {
    if (current !== undefined) {
      switch (current.kind) {
        case 'identity':
          break
        case 'copy':
          reached = [...reached, ...reached]
          break
        case 'discard':
          reached = []
          break
        case 'permute':
          reached = pick(reached, current.order)
          break
        case 'box': {
          const depth = stack[stack.length - 1]?.depth ?? 0
          if (current.body !== undefined && opens(current, depth)) {
            const { inputs, outputs, body } = current
            const node: Sequential = { kind: 'seq', parts: [body], inputs, outputs }
            stack.push({ node, depth: depth + 1, next: 0, wires: reached, taken: 0, given: [] })
            current = undefined
            continue
          }
          const firstOutput = wires.length
          for (const wire of current.outputs) wires.push(wire)
          boxes.push({ box: current, inputs: reached, firstOutput })
          reached = current.outputs.map((_, port) => firstOutput + port)
          break
        }
        case 'seq':
        case 'par':
        case 'program': {
          const given = current.kind === 'program' ? [...reached] : []
          stack.push({
            node: current,
            depth: stack[stack.length - 1]?.depth ?? 0,
            next: 0,
            wires: reached,
            taken: 0,
            given,
          })
          current = undefined
          continue
        }
      }
      handBack(stack, reached)
      current = undefined
      continue
    }

    const frame = stack[stack.length - 1]
    if (frame === undefined) return { wires, inputCount: diagram.inputs.length, boxes, outputs: reached }
    const { node } = frame
    const index = frame.next
    frame.next += 1
    switch (node.kind) {
      case 'seq':
        current = node.parts[index]
        reached = frame.wires
        break
      case 'par':
        current = node.parts[index]
        reached =
          current === undefined ? frame.given : frame.wires.slice(frame.taken, frame.taken + current.inputs.length)
        frame.taken += current?.inputs.length ?? 0
        break
      case 'program': {
        const step = node.steps[index]
        current = step?.diagram
        reached = pick(frame.given, step?.reads ?? node.returns)
        break
      }
    }
    if (current === undefined) {
      stack.pop()
      handBack(stack, reached)
    }
  }
}

/** Gives the outputs of a finished part to the composite that it is a part of. */
const handBack = (stack: readonly Frame[], outputs: readonly number[]): void => {
  const frame = stack[stack.length - 1]
  if (frame === undefined) return
  if (frame.node.kind === 'seq') frame.wires = outputs
  else for (const wire of outputs) frame.given.push(wire)
}

const pick = (wires: readonly number[], order: readonly number[]): readonly number[] =>
  order.map((index) => wires[index]!)

/** The output wires of a box. */
export const outputsOf = ({ box, firstOutput }: WiredBox): readonly number[] =>
  box.outputs.map((_, port) => firstOutput + port)

/**
 * The diagram of a wiring graph: a program that applies its boxes one after the other. The size is that of the graph.
 *
 * @example
 * const A = finite('A', 2)
 * const f = seq(copy(A), par(id(A), discard(A)))
 * equal(diagramOf(wiringOf(f)), f) // => true
 */
export const diagramOf = ({ wires, inputCount, boxes, outputs }: Wiring): Program => ({
  kind: 'program',
  steps: boxes.map(({ box, inputs }) => ({ diagram: box, reads: inputs })),
  returns: outputs,
  inputs: wires.slice(0, inputCount),
  outputs: outputs.map((wire) => wires[wire]!),
})

/**
 * A diagram with the boxes that contain diagrams replaced by what they contain, to a depth.
 *
 * @example
 * const A = finite('A', 2)
 * const twice = box('twice', [A], [A], { body: seq(box('f', [A], [A]), box('f', [A], [A])) })
 * wiringOf(open(seq(twice, twice))).boxes.length // => 4
 */
export const open = (diagram: Diagram, depth = Infinity): Diagram =>
  diagramOf(wiringOf(diagram, (_, opened) => opened < depth))
