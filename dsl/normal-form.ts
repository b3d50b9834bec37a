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
import { sameWires, type Wire, wireKey } from './object.js'
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
  const inputs = form.wires.slice(0, form.inputCount).map(once((wire: Wire) => JSON.stringify(wireKey(wire))))
  return `[[${inputs.join(',')}],${JSON.stringify(generators.texts())},${boxes},[${form.outputs.join(',')}]]`
}

/**
 * Equality in the free Markov category on the boxes of the two diagrams: decided, in linear time.
 *
 * @example
 * const A = finite('A', 2)
 * equal(seq(box('f', [A], [A]), discard(A)), discard(A)) // => true
 */
export const equal = (f: Diagram, g: Diagram): boolean =>
  sameWires(f.inputs, g.inputs) && sameWires(f.outputs, g.outputs) && sameForm(normalForm(f), normalForm(g))

/** Whether two normal forms between the same objects have the same key, without writing the keys. */
const sameForm = (f: NormalForm, g: NormalForm): boolean => {
  if (f.boxes.length !== g.boxes.length || !sameNumbers(f.outputs, g.outputs)) return false
  const key = once(generatorKey)
  const partners = new Map<Box, Box>()
  for (let index = 0; index < f.boxes.length; index++) {
    const [left, right] = [f.boxes[index]!, g.boxes[index]!]
    if (!sameNumbers(left.inputs, right.inputs)) return false
    if (left.box === right.box || partners.get(left.box) === right.box) continue
    if (key(left.box) !== key(right.box)) return false
    partners.set(left.box, right.box)
  }
  return true
}

const sameNumbers = (a: readonly number[], b: readonly number[]): boolean => {
  if (a.length !== b.length) return false
  for (let k = 0; k < a.length; k++) if (a[k] !== b[k]) return false
  return true
}

/** A function of records that works once for each record. */
const once = <A, B>(of: (record: A) => B): ((record: A) => B) => {
  const known = new Map<A, B>()
  return (record) => {
    const earlier = known.get(record)
    if (earlier !== undefined) return earlier
    const value = of(record)
    known.set(record, value)
    return value
  }
}

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
  /** The boxes of a normal form as JSON: the number of the generator, then the wires that it reads. */
  readonly readings: (form: NormalForm) => string
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
      const head = headOf(box).map((field) => JSON.stringify(field))
      text = `[${head.join(',')},${readings(form)},[${form.outputs.join(',')}]]`
    }
    const number = numbers.get(text) ?? numbers.size
    numbers.set(text, number)
    known.set(box, number)
    return number
  }
  const readings = ({ boxes }: NormalForm): string => {
    const texts = boxes.map(({ box, inputs }) =>
      inputs.length === 0 ? `[${numberOf(box)}]` : `[${numberOf(box)},${inputs.join(',')}]`,
    )
    return `[${texts.join(',')}]`
  }
  return { numberOf, readings, texts: () => [...numbers.keys()] }
}

/** Step 2. Boxes come in topological order, so one pass suffices. */
const share = (wiring: Wiring): Wiring => {
  if (!wiring.boxes.some(({ box }) => box.deterministic)) return wiring
  const same = new Int32Array(wiring.wires.length).map((_, wire) => wire)
  const now = (wire: number): number => same[wire]!
  const first = new Map<string, number>()
  const generators = new Map<string, number>()
  const generatorOf = once((box: Box): number => {
    const key = generatorKey(box)
    const number = generators.get(key) ?? generators.size
    generators.set(key, number)
    return number
  })
  const boxes = wiring.boxes.map(({ box, inputs: read, firstOutput }): WiredBox => {
    const inputs = read.map(now)
    if (box.deterministic) {
      const key = `${generatorOf(box)},${inputs.join(',')}`
      const earlier = first.get(key)
      if (earlier === undefined) first.set(key, firstOutput)
      else for (let port = 0; port < box.outputs.length; port++) same[firstOutput + port] = earlier + port
    }
    return { box, inputs, firstOutput }
  })
  return { ...wiring, boxes, outputs: wiring.outputs.map(now) }
}

/** Steps 3 and 4 in one sweep back from the outputs, with a stack of its own: chains may be deeper than the call stack. */
const number = (wiring: Wiring): Wiring => {
  const producer = new Int32Array(wiring.wires.length).fill(-1)
  wiring.boxes.forEach(({ box, firstOutput }, index) =>
    producer.fill(index, firstOutput, firstOutput + box.outputs.length),
  )

  const renamed = new Int32Array(wiring.wires.length).fill(-1)
  for (let wire = 0; wire < wiring.inputCount; wire++) renamed[wire] = wire
  const wires = wiring.wires.slice(0, wiring.inputCount)
  const now = (wire: number): number => renamed[wire]!
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
      const numbered = wires.length
      for (let port = 0; port < box.outputs.length; port++) {
        renamed[firstOutput + port] = numbered + port
        wires.push(box.outputs[port]!)
      }
      boxes.push({ box, inputs: inputs.map(now), firstOutput: numbered })
    }
  }
  return { wires, inputCount: wiring.inputCount, boxes, outputs: wiring.outputs.map(now) }
}
