/**
 * Two normal forms walked together, from their outputs down to what the outputs depend on.
 */
import { wireGraph } from './connection.js'
import type { NormalForm } from './normal-form.js'

/** A box on the way down from an output: entered at one of its outputs, left at one of its inputs. */
export interface Descent {
  readonly box: string
  readonly output: number
  readonly input: number
}

/** A place in a diagram: an output, and the boxes on the way down from it, the nearest to the output first. */
export interface Place {
  readonly output: number
  readonly path: readonly Descent[]
}

/** A wire of the left diagram and a wire of the right one that stand at the same place. */
export interface Meeting {
  readonly place: Place
  readonly left: number
  readonly right: number
}

export interface Visitor {
  /** What to do where two wires meet: walk on above both, go on elsewhere, or stop. */
  readonly enter: (left: number, right: number) => 'descend' | 'skip' | 'stop'
  /** Whether to stop where everything above two wires has been walked. */
  readonly leave?: (left: number, right: number) => boolean
}

interface Frame {
  readonly left: number
  readonly right: number
  readonly leftBox: number
  readonly rightBox: number
  port: number
}

/**
 * Depth-first from the outputs, inputs in port order, with a stack of its own; gives the place where a visitor stopped. The visitor
 * descends only where both wires come from boxes of the same generator.
 */
export const walkTogether = (left: NormalForm, right: NormalForm, { enter, leave }: Visitor): Meeting | undefined => {
  const [leftProducer, rightProducer] = [wireGraph(left).producer, wireGraph(right).producer]
  const stack: Frame[] = []
  const meeting = (output: number, l: number, r: number): Meeting => {
    const path = stack.map(({ left: wire, leftBox, port }): Descent => {
      const { box, firstOutput } = left.boxes[leftBox]!
      return { box: box.name, output: wire - firstOutput, input: port - 1 }
    })
    return { place: { output, path }, left: l, right: r }
  }
  for (let output = 0; output < left.outputs.length; output++) {
    let pair: readonly [number, number] | undefined = [left.outputs[output]!, right.outputs[output]!]
    for (;;) {
      if (pair !== undefined) {
        const [l, r]: readonly [number, number] = pair
        const then = enter(l, r)
        if (then === 'stop') return meeting(output, l, r)
        if (then === 'descend')
          stack.push({ left: l, right: r, leftBox: leftProducer[l]!, rightBox: rightProducer[r]!, port: 0 })
      }
      const top: Frame | undefined = stack[stack.length - 1]
      if (top === undefined) break
      const [l, r] = [left.boxes[top.leftBox]!.inputs[top.port], right.boxes[top.rightBox]!.inputs[top.port]]
      if (l !== undefined && r !== undefined) {
        top.port += 1
        pair = [l, r]
        continue
      }
      stack.pop()
      if (leave?.(top.left, top.right) === true) return meeting(output, top.left, top.right)
      pair = undefined
    }
  }
  return undefined
}
