/**
 * Diagrams of a given number of boxes, each with another diagram that is equal to it: built from boxes of its own, bracketed in
 * another way.
 */
import { checkedPar, checkedSeq } from '../../dsl/checked.js'
import { box, copy, type Diagram, finite, id, par, program, seq, type Variable } from '../../dsl/index.js'
import { valueOrThrow } from '../../dsl/value-or-throw.js'

export interface Workload {
  readonly name: string
  readonly build: (boxes: number) => Diagram
  readonly buildOther: (boxes: number) => Diagram
}

const A = finite('A', 2)
type A = typeof A
type Endomorphism = Diagram<[A], [A]>

const seqOf = (parts: readonly Diagram[]): Diagram => valueOrThrow(checkedSeq(parts))
const parOf = (parts: readonly Diagram[]): Diagram => valueOrThrow(checkedPar(parts))

/** Some boxes on one wire; each call gives new records. */
const palette = (): readonly Endomorphism[] =>
  ['f', 'g', 'h'].map((name) => box(name, [A], [A], { deterministic: name === 'h' }))
const boxesOf = (count: number): readonly Diagram[] => {
  const boxes = palette()
  return Array.from({ length: count }, (_, k) => boxes[k % boxes.length]!)
}

/** The parts composed two by two, as a balanced tree. */
const balanced = (parts: readonly Diagram[], compose: (pair: readonly Diagram[]) => Diagram): Diagram => {
  let level = parts
  while (level.length > 1) {
    const next: Diagram[] = []
    for (let k = 0; k < level.length; k += 2)
      next.push(k + 1 < level.length ? compose(level.slice(k, k + 2)) : level[k]!)
    level = next
  }
  return level[0] ?? id()
}

export const oneByOne = (count: number): Diagram => {
  const boxes = palette()
  let chain: Diagram = boxes[0]!
  for (let k = 1; k < count; k++) chain = seq(chain, boxes[k % boxes.length]!)
  return chain
}

/** A chain of hidden states, each of which is copied, kept and emitted: H to E ⊗ ... ⊗ E ⊗ H. */
export const comb = (count: number): Diagram => {
  const [step, emit] = combBoxes()
  // Halves of halves: a boundary is a list, and a tooth at a time would list all the emissions again at every tooth.
  const teeth = (n: number): Diagram => {
    if (n === 1) return seq(copy(A), par(emit, step))
    const head = Math.floor(n / 2)
    return seqOf([teeth(head), parOf([id(...new Array<A>(head).fill(A)), teeth(n - head)])])
  }
  return teeth(Math.floor(count / 2))
}

const combProgram = (count: number): Diagram => {
  const [step, emit] = combBoxes()
  return program([A], (start) => {
    const emissions: Variable<A>[] = []
    let hidden = start
    for (let k = 0; k < Math.floor(count / 2); k++) {
      const [emission] = emit(hidden)
      emissions.push(emission)
      const [next] = step(hidden)
      hidden = next
    }
    return [...emissions, hidden]
  })
}

const combBoxes = () => [box('step', [A], [A]), box('emit', [A], [A])] as const

/** Bricks of two wires, a layer of them on the even wires, then one on the odd wires; about as many layers as bricks in two. */
const gridShape = (count: number): { readonly width: number; readonly layers: number } => {
  const half = Math.max(1, Math.round(Math.sqrt(count) / 2))
  return { width: 2 * half, layers: Math.ceil(count / half) }
}

const gridLayers = (count: number): readonly (readonly Diagram[])[] => {
  const brick = box('brick', [A, A], [A, A])
  const { width, layers } = gridShape(count)
  const even = new Array<Diagram>(width / 2).fill(brick)
  const odd = [id(A), ...even.slice(1), id(A)]
  return Array.from({ length: layers }, (_, k) => (k % 2 === 0 ? even : odd))
}

const gridProgram = (count: number): Diagram => {
  const brick = box('brick', [A, A], [A, A])
  const { width, layers } = gridShape(count)
  return program(new Array<A>(width).fill(A), (...inputs: readonly Variable<A>[]) => {
    const wires = [...inputs]
    for (let layer = 0; layer < layers; layer++)
      for (let at = layer % 2; at + 1 < width; at += 2) {
        const [left, right] = brick(wires[at]!, wires[at + 1]!)
        wires[at] = left
        wires[at + 1] = right
      }
    return wires
  })
}

/** Every box another generator: nothing can be looked up. */
const different = (count: number): readonly Diagram[] =>
  Array.from({ length: count }, (_, k) => box(`f${k}`, [A], [A], { deterministic: k % 3 === 0 }))

export const workloads: readonly Workload[] = [
  { name: 'seq, one by one', build: oneByOne, buildOther: (count) => balanced(boxesOf(count), seqOf) },
  { name: 'seq, all at once', build: (count) => seqOf(boxesOf(count)), buildOther: oneByOne },
  {
    name: 'par, all at once',
    build: (count) => parOf(boxesOf(count)),
    buildOther: (count) => balanced(boxesOf(count), parOf),
  },
  { name: 'comb', build: comb, buildOther: combProgram },
  { name: 'comb, program', build: combProgram, buildOther: comb },
  {
    name: 'grid',
    build: (count) => seqOf(gridLayers(count).map(parOf)),
    buildOther: (count) =>
      balanced(
        gridLayers(count).map((layer) => balanced(layer, parOf)),
        seqOf,
      ),
  },
  { name: 'grid, program', build: gridProgram, buildOther: (count) => seqOf(gridLayers(count).map(parOf)) },
  {
    name: 'seq, all different',
    build: (count) => seqOf(different(count)),
    buildOther: (count) => balanced(different(count), seqOf),
  },
]
