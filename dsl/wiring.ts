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
import type { Box, Diagram } from './diagram.js'
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

/** A composite that is being walked: which part comes next, the wires that reach it, and what its parts have given so far. */
interface Frame {
  readonly parts: readonly Diagram[]
  readonly sequential: boolean
  next: number
  /** Sequential: the wires between two parts. Parallel: all the wires that come in. */
  wires: readonly number[]
  /** Parallel: how many of the wires have been handed to parts. */
  taken: number
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
export const wiringOf = (diagram: Diagram): Wiring => {
  const wires: Wire[] = [...diagram.inputs]
  const boxes: WiredBox[] = []
  const stack: Frame[] = []
  // The diagram at hand with the wires that reach it; or, once it has been walked, the wires that it gives.
  let current: Diagram | undefined = diagram
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
          const firstOutput = wires.length
          for (const wire of current.outputs) wires.push(wire)
          boxes.push({ box: current, inputs: reached, firstOutput })
          reached = current.outputs.map((_, port) => firstOutput + port)
          break
        }
        case 'seq':
        case 'par':
          stack.push({
            parts: current.parts,
            sequential: current.kind === 'seq',
            next: 0,
            wires: reached,
            taken: 0,
            given: [],
          })
          break
      }
      if (current.kind !== 'seq' && current.kind !== 'par') handBack(stack, reached)
      current = undefined
      continue
    }

    const frame = stack[stack.length - 1]
    if (frame === undefined) return { wires, inputCount: diagram.inputs.length, boxes, outputs: reached }
    const part = frame.parts[frame.next]
    if (part === undefined) {
      stack.pop()
      reached = frame.sequential ? frame.wires : frame.given
      handBack(stack, reached)
      continue
    }
    frame.next += 1
    current = part
    if (frame.sequential) reached = frame.wires
    else {
      reached = frame.wires.slice(frame.taken, frame.taken + part.inputs.length)
      frame.taken += part.inputs.length
    }
  }
}

/** Gives the outputs of a finished part to the composite that it is a part of. */
const handBack = (stack: readonly Frame[], outputs: readonly number[]): void => {
  const frame = stack[stack.length - 1]
  if (frame === undefined) return
  if (frame.sequential) frame.wires = outputs
  else for (const wire of outputs) frame.given.push(wire)
}

const pick = (wires: readonly number[], order: readonly number[]): readonly number[] =>
  order.map((index) => wires[index]!)

/** The output wires of a box. */
export const outputsOf = ({ box, firstOutput }: WiredBox): readonly number[] =>
  box.outputs.map((_, port) => firstOutput + port)
