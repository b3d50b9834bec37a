/**
 * A wiring graph that is written down in any order: boxes first, and what they read afterwards.
 */
import type { Box } from './diagram.js'
import type { Wire, Wires } from './object.js'
import type { WiredBox, Wiring } from './wiring.js'

export interface Sketch {
  /** Adds a box and gives the number of its first output. */
  readonly add: (box: Box) => number
  /** States what the box with this first output reads. */
  readonly connect: (firstOutput: number, inputs: readonly number[]) => void
  /** The graph of the boxes from which an output is reached, in an order of evaluation; undefined if they read each other in a circle. */
  readonly finish: (outputs: readonly number[]) => Wiring | undefined
}

export const newSketch = (inputs: Wires): Sketch => {
  const wires: Wire[] = [...inputs]
  const boxes: WiredBox[] = []
  // For each wire the box that produces it; -1 for an input.
  const producer: number[] = inputs.map(() => -1)
  return {
    add: (box) => {
      const firstOutput = wires.length
      for (const wire of box.outputs) {
        wires.push(wire)
        producer.push(boxes.length)
      }
      boxes.push({ box, inputs: [], firstOutput })
      return firstOutput
    },
    connect: (firstOutput, read) => {
      const index = producer[firstOutput]!
      boxes[index] = { ...boxes[index]!, inputs: read }
    },
    finish: (outputs) => ordered({ wires, inputCount: inputs.length, boxes, outputs }, producer),
  }
}

/** Depth-first from the outputs, with a stack of its own. */
const ordered = ({ wires, inputCount, boxes, outputs }: Wiring, producer: readonly number[]): Wiring | undefined => {
  const renamed = new Int32Array(wires.length).fill(-1)
  for (let wire = 0; wire < inputCount; wire++) renamed[wire] = wire
  const sorted: WiredBox[] = []
  const types = wires.slice(0, inputCount)
  const entered = new Uint8Array(boxes.length)
  const stack: { readonly index: number; port: number }[] = []
  for (const output of outputs) {
    if (renamed[output] === -1) stack.push({ index: producer[output]!, port: 0 })
    for (let top = stack[stack.length - 1]; top !== undefined; top = stack[stack.length - 1]) {
      const { box, inputs, firstOutput } = boxes[top.index]!
      entered[top.index] = 1
      const input = inputs[top.port]
      if (input !== undefined) {
        top.port += 1
        if (renamed[input] !== -1) continue
        if (entered[producer[input]!] === 1) return undefined
        stack.push({ index: producer[input]!, port: 0 })
        continue
      }
      stack.pop()
      box.outputs.forEach((wire, port) => {
        renamed[firstOutput + port] = types.length
        types.push(wire)
      })
      sorted.push({
        box,
        inputs: inputs.map((wire) => renamed[wire]!),
        firstOutput: types.length - box.outputs.length,
      })
    }
  }
  return { wires: types, inputCount, boxes: sorted, outputs: outputs.map((wire) => renamed[wire]!) }
}
