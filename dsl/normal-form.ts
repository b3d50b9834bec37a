/**
 * The normal form of a diagram in the free Markov category on its boxes, and the equality that it decides.
 *
 * Two diagrams denote the same morphism in every Markov category, whatever their boxes mean (deterministic ones among the
 * deterministic morphisms), exactly when their normal forms are the same text. Four steps, each linear:
 *
 *  1. wire: the wiring graph forgets brackets, identities, permutations, and the shape of copies;
 *  2. share: deterministic boxes of the same name and type that read the same wires are one box (copy is natural for them);
 *  3. prune: only boxes from which an output is reachable stay (discard is natural for all);
 *  4. number: depth-first from the outputs, inputs before the box that reads them. Every choice is forced (one producer a wire,
 *     ordered ports), so no search for an isomorphism is needed. The numbering is also an order of evaluation.
 *
 * Source: T. Fritz and W. Liang, "Free gs-monoidal categories and free Markov categories" (2023).
 */
import type { Box, Diagram } from './diagram.js'
import { sameWires, wireKey } from './object.js'
import { type WiredBox, type Wiring, wiringOf } from './wiring.js'

/** A wiring graph that has been shared, pruned and numbered. */
export type NormalForm = Wiring

/**
 * The normal form of a diagram.
 *
 * @example
 * const A = finite('A', 2)
 * const f = box('f', [A], [A])
 * normalForm(seq(f, copy(A), par(f, seq(f, discard(A))))).boxes.length // => 2
 */
export const normalForm = (diagram: Diagram): NormalForm => number(share(wiringOf(diagram)))

/**
 * A text that two diagrams share exactly when they are equal in the free Markov category on their boxes.
 */
export const canonicalKey = (diagram: Diagram): string => keyOf(normalForm(diagram))

/** The canonical text of a normal form: the inputs, the generators, the boxes with what they read, and the outputs. */
export const keyOf = (form: NormalForm): string => {
  const generators = generatorTable()
  const boxes = generators.readings(form)
  const inputs = form.wires.slice(0, form.inputCount).map(wireKey)
  return JSON.stringify([inputs, generators.texts(), boxes, form.outputs])
}

/**
 * Equality in the free Markov category on the boxes of the two diagrams: decided, in linear time.
 *
 * @example
 * const A = finite('A', 2)
 * equal(seq(box('f', [A], [A]), discard(A)), discard(A)) // => true
 */
export const equal = (f: Diagram, g: Diagram): boolean =>
  sameWires(f.inputs, g.inputs) && sameWires(f.outputs, g.outputs) && canonicalKey(f) === canonicalKey(g)

/** A text that identifies a generator: its name, its type, whether it is deterministic, and what it contains; not the name alone. */
export const generatorKey = (box: Box): string => {
  const known = generatorKeys.get(box)
  if (known !== undefined) return known
  let key: string
  if (box.body === undefined) key = JSON.stringify(headOf(box))
  else {
    const generators = generatorTable()
    generators.numberOf(box)
    key = JSON.stringify(generators.texts())
  }
  generatorKeys.set(box, key)
  return key
}
const generatorKeys = new WeakMap<Box, string>()

const headOf = ({ name, deterministic, inputs, outputs }: Box): readonly unknown[] => [
  name,
  deterministic,
  inputs.map(wireKey),
  outputs.map(wireKey),
]

interface GeneratorTable {
  readonly numberOf: (box: Box) => number
  /** The boxes of a normal form: the number of the generator, then the wires that it reads. */
  readonly readings: (form: NormalForm) => readonly (readonly number[])[]
  readonly texts: () => readonly string[]
}

/**
 * Generators by number, each once, after those that it contains: a text names contained generators by number, so it stays short
 * however deep boxes contain boxes.
 */
const generatorTable = (): GeneratorTable => {
  const numbers = new Map<string, number>()
  const known = new Map<Box, number>()
  const numberOf = (box: Box): number => {
    const earlier = known.get(box)
    if (earlier !== undefined) return earlier
    let text: string
    if (box.body === undefined) text = generatorKey(box)
    else {
      const form = normalForm(box.body)
      text = JSON.stringify([...headOf(box), readings(form), form.outputs])
    }
    const number = numbers.get(text) ?? numbers.size
    numbers.set(text, number)
    known.set(box, number)
    return number
  }
  const readings = ({ boxes }: NormalForm): readonly (readonly number[])[] =>
    boxes.map(({ box, inputs }) => [numberOf(box), ...inputs])
  return { numberOf, readings, texts: () => [...numbers.keys()] }
}

/** Step 2. Boxes come in topological order, so one pass suffices. */
const share = (wiring: Wiring): Wiring => {
  const same = new Int32Array(wiring.wires.length).map((_, wire) => wire)
  const first = new Map<string, number>()
  const boxes = wiring.boxes.map((wired): WiredBox => {
    const inputs = wired.inputs.map((wire) => same[wire]!)
    if (wired.box.deterministic) {
      const key = `${inputs.join(',')}|${generatorKey(wired.box)}`
      const earlier = first.get(key)
      if (earlier === undefined) first.set(key, wired.firstOutput)
      else wired.box.outputs.forEach((_, port) => (same[wired.firstOutput + port] = earlier + port))
    }
    return { ...wired, inputs }
  })
  return { ...wiring, boxes, outputs: wiring.outputs.map((wire) => same[wire]!) }
}

/** Steps 3 and 4 in one sweep back from the outputs, with a stack of its own: chains may be deeper than the call stack. */
const number = (wiring: Wiring): Wiring => {
  const producer = new Int32Array(wiring.wires.length).fill(-1)
  wiring.boxes.forEach(({ box, firstOutput }, index) =>
    box.outputs.forEach((_, port) => (producer[firstOutput + port] = index)),
  )

  const renamed = new Int32Array(wiring.wires.length).fill(-1)
  for (let wire = 0; wire < wiring.inputCount; wire++) renamed[wire] = wire
  const wires = wiring.wires.slice(0, wiring.inputCount)
  const boxes: WiredBox[] = []
  const stack: { readonly index: number; port: number }[] = []
  const visit = (wire: number): void => {
    if (renamed[wire] === -1) stack.push({ index: producer[wire]!, port: 0 })
  }

  for (const output of wiring.outputs) {
    visit(output)
    for (let top = stack[stack.length - 1]; top !== undefined; top = stack[stack.length - 1]) {
      const { box, inputs, firstOutput } = wiring.boxes[top.index]!
      const input = inputs[top.port]
      if (input !== undefined) {
        top.port += 1
        visit(input)
        continue
      }
      stack.pop()
      if (renamed[firstOutput] !== -1) continue
      const numbered = wires.length
      box.outputs.forEach((wire, port) => {
        renamed[firstOutput + port] = numbered + port
        wires.push(wire)
      })
      boxes.push({ box, inputs: inputs.map((wire) => renamed[wire]!), firstOutput: numbered })
    }
  }
  return { wires, inputCount: wiring.inputCount, boxes, outputs: wiring.outputs.map((wire) => renamed[wire]!) }
}
