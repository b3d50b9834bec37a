/** Random well-typed diagrams of finite boxes, with a stochastic matrix for every box. */
import fc from 'fast-check'

import { box, copy, type Diagram, discard, finite, id, par, seq, swap, type Wire, type Wires } from '../../dsl/index.js'
import { sizeOf } from '../../dsl/object.js'
import type { Rows } from '../../src/category/fin-stoch.js'

export interface MeantDiagram {
  readonly diagram: Diagram
  readonly meanings: Readonly<Record<string, Rows>>
}

const wires: readonly Wire[] = [finite('A', ['a0', 'a1']), finite('B', 3), finite('C', 1), finite('D', 2)]
const anyWire = fc.constantFrom(...wires)

/** Probabilities in eighths, zeros and points included. */
const row = (width: number): fc.Arbitrary<readonly number[]> =>
  fc.array(fc.nat(width - 1), { minLength: 8, maxLength: 8 }).map((picks) => {
    const counts = new Array<number>(width).fill(0)
    for (const pick of picks) counts[pick]! += 1 / 8
    return counts
  })
const point = (width: number): fc.Arbitrary<readonly number[]> =>
  fc.nat(width - 1).map((at) => Array.from({ length: width }, (_, k) => (k === at ? 1 : 0)))

const size = (object: Wires): number =>
  object.reduce((total, wire) => total * (wire.kind === 'finite' ? sizeOf(wire) : Number.NaN), 1)

interface Layer {
  readonly step: 'box' | 'copy' | 'discard' | 'swap'
  readonly at: number
  readonly takes: number
  readonly gives: readonly Wire[]
  readonly deterministic: boolean
}

const layer: fc.Arbitrary<Layer> = fc.record({
  step: fc.constantFrom('box', 'box', 'box', 'copy', 'discard', 'swap'),
  at: fc.nat(7),
  takes: fc.nat(2),
  gives: fc.array(anyWire, { minLength: 0, maxLength: 2 }),
  deterministic: fc.boolean(),
})

const widest = 4

export const meantDiagram: fc.Arbitrary<MeantDiagram> = fc
  .record({ inputs: fc.array(anyWire, { maxLength: 2 }), layers: fc.array(layer, { maxLength: 7 }) })
  .chain(({ inputs, layers }) => {
    const parts: Diagram[] = [id(...inputs)]
    const rows: Record<string, fc.Arbitrary<Rows>> = {}
    let current: readonly Wire[] = inputs
    layers.forEach(({ step, at, takes, gives, deterministic }, index) => {
      const start = at % (current.length + 1)
      const taken = current.slice(start, start + (step === 'box' ? takes : step === 'swap' ? 2 : 1))
      const [first, second] = taken
      let middle: Diagram
      if (step === 'box' && current.length - taken.length + gives.length <= widest) {
        const name = `f${index}`
        middle = box(name, taken, gives, { deterministic })
        const width = size(gives)
        rows[name] = fc.tuple(...Array.from({ length: size(taken) }, () => (deterministic ? point(width) : row(width))))
      } else if (step === 'copy' && first !== undefined && current.length < widest) middle = copy(first)
      else if (step === 'discard' && first !== undefined) middle = discard(first)
      else if (step === 'swap' && first !== undefined && second !== undefined) middle = swap(first, second)
      else return
      const after = current.slice(start + taken.length)
      parts.push(par(id(...current.slice(0, start)), middle, id(...after)))
      current = parts[parts.length - 1]!.outputs
    })
    const [head, ...tail] = parts
    return fc.record(rows).map((meanings) => ({ diagram: seq(head!, ...tail), meanings }))
  })
