/** What separation says about stochastic matrices: separated is independent whatever the boxes mean, connected is dependent for some. */
import fc from 'fast-check'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { expect, test } from 'vitest'

import { bloom } from '../../dsl/bloom.js'
import { impliedIndependences } from '../../dsl/independence.js'
import { cardinality, type Diagram, diagramOf, par, seq, state, type Wires, wiringOf } from '../../dsl/index.js'
import { separated } from '../../dsl/separation.js'
import { FinStoch, type Rows, type StochasticMatrix } from '../../src/category/fin-stoch.js'
import { interpret } from '../../src/interpret.js'
import { diagramOfGraph, graphOfBits, type NodeQuestion } from '../support/causal-graph.js'
import { meantDiagram } from '../support/finite-diagram.js'
import { valueOf } from '../support/value-of.js'
import { question, wiringGraph } from '../support/wired-diagram.js'

/** Numbers from 0 to 1, the same for the same seed. */
const randomNumbers = (seed: number): (() => number) => {
  const generator = xoroshiro128plus(seed)
  return () => (generator.next() >>> 0) / 2 ** 32
}

const sizeOf = (wires: Wires): number => wires.reduce((product, wire) => product * cardinality(wire)!, 1)

/** Rows without zeros, far from uniform. */
const genericRows = (domain: Wires, codomain: Wires, random: () => number): Rows =>
  Array.from({ length: sizeOf(domain) }, () => {
    const weights = Array.from({ length: sizeOf(codomain) }, () => 0.02 + random() ** 3)
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    return weights.map((weight) => weight / total)
  })

/** Generic rows for every box of a diagram whose boxes have names of their own. */
const genericMeanings = (diagram: Diagram, random: () => number): Record<string, Rows> =>
  Object.fromEntries(
    wiringOf(diagram).boxes.map(({ box }) => [box.name, genericRows(box.inputs, box.outputs, random)] as const),
  )

/** The diagram after independent states for its inputs, which are named `input 0`, `input 1`, ... */
const closed = (diagram: Diagram): Diagram =>
  seq(par(...diagram.inputs.map((wire, port) => state(`input ${port}`, [wire]))), diagram)

const jointOf = (diagram: Diagram, meanings: Readonly<Record<string, Rows>>): StochasticMatrix =>
  valueOf(interpret(FinStoch, meanings)(diagram))

/** The largest |P(x, y, z) P(z) - P(x, z) P(y, z)| over the values of three lists of outputs, which may overlap. */
const dependence = ({ codomain, entries }: StochasticMatrix, { x, y, given }: NodeQuestion): number => {
  const values = Array.from(entries, (_, element) => {
    const digits = new Array<number>(codomain.length)
    let rest = element
    for (let port = codomain.length - 1; port >= 0; port--) {
      digits[port] = rest % codomain[port]!
      rest = Math.floor(rest / codomain[port]!)
    }
    return digits
  })
  const marginal = new Map<string, number>()
  const keyOf = (element: number, lists: readonly (readonly number[])[]): string =>
    lists.map((ports) => ports.map((port) => values[element]![port]).join(' ')).join(' | ')
  const add = (key: string, probability: number): void => void marginal.set(key, (marginal.get(key) ?? 0) + probability)
  const [ofX, ofY, ofGiven] = [new Set<string>(), new Set<string>(), new Set<string>()]
  entries.forEach((probability, element) => {
    const [a, b, c] = [keyOf(element, [x]), keyOf(element, [y]), keyOf(element, [given])]
    ofX.add(a)
    ofY.add(b)
    ofGiven.add(c)
    for (const key of [`${c}`, `x ${a}; ${c}`, `y ${b}; ${c}`, `x ${a}; y ${b}; ${c}`]) add(key, probability)
  })
  const probability = (key: string): number => marginal.get(key) ?? 0
  let largest = 0
  for (const c of ofGiven)
    for (const a of ofX)
      for (const b of ofY) {
        const joint = probability(`x ${a}; y ${b}; ${c}`) * probability(c)
        const product = probability(`x ${a}; ${c}`) * probability(`y ${b}; ${c}`)
        largest = Math.max(largest, Math.abs(joint - product))
      }
  return largest
}

/** Independence up to rounding in sums of a few hundred terms. */
const rounding = 1e-13
/** Dependence far above rounding; generic matrices on a few wires of two elements give a thousand times more. */
const visible = 1e-9

test('the measure of dependence: a copied coin, and two coins', () => {
  const joint = (entries: readonly number[]): StochasticMatrix => ({
    domain: [],
    codomain: [2, 2],
    entries: Float64Array.from(entries),
  })
  const asked = { x: [0], y: [1], given: [] }
  expect(dependence(joint([0.5, 0, 0, 0.5]), asked)).toBe(0.25)
  expect(dependence(joint([0.25, 0.25, 0.25, 0.25]), asked)).toBe(0)
  expect(dependence(joint([0.5, 0, 0, 0.5]), { x: [0], y: [0, 1], given: [1] })).toBe(0)
})

test('every graph of 2, 3 and 4 nodes: separated is independent for all matrices, connected dependent for some', () => {
  const random = randomNumbers(1)
  let [independent, dependent] = [0, 0]
  for (const size of [2, 3, 4])
    for (let bits = 0; bits < 2 ** ((size * (size - 1)) / 2); bits++) {
      const diagram = diagramOfGraph(graphOfBits(size, bits))
      const joints = [1, 2, 3].map(() => jointOf(diagram, genericMeanings(diagram, random)))
      const implied = new Set(
        valueOf(impliedIndependences(diagram)).map(({ x, y, given }) => JSON.stringify([x, y, given])),
      )
      for (let x = 0; x < size; x++)
        for (let y = x + 1; y < size; y++)
          for (let subset = 0; subset < 2 ** size; subset++) {
            if ((subset >> x) & 1 || (subset >> y) & 1) continue
            const given = Array.from({ length: size }, (_, node) => node).filter((node) => (subset >> node) & 1)
            const largest = Math.max(...joints.map((joint) => dependence(joint, { x: [x], y: [y], given })))
            if (implied.has(JSON.stringify([x, y, given]))) {
              expect(largest).toBeLessThan(rounding)
              independent += 1
            } else {
              expect(largest).toBeGreaterThan(visible)
              dependent += 1
            }
          }
    }
  expect(independent + dependent).toBe(2 + 48 + 1536)
  expect(independent).toBe(593)
})

test('random diagrams with open inputs, joint outputs and shared wires: the same, for independent inputs', () => {
  const counts = { separated: 0, connected: 0 }
  const drawn = wiringGraph({ mostBoxes: 5, generic: true, mostOutputs: 6 }).chain((wiring) =>
    fc.record({ wiring: fc.constant(wiring), asked: question(wiring.outputs.length), seed: fc.integer() }),
  )
  fc.assert(
    fc.property(drawn, ({ wiring, asked, seed }) => {
      const random = randomNumbers(seed)
      const diagram = diagramOf(wiring)
      const whole = closed(diagram)
      const { kind } = valueOf(separated(diagram, asked))
      counts[kind] += 1
      const dependences = [1, 2, 3].map(() => dependence(jointOf(whole, genericMeanings(whole, random)), asked))
      if (kind === 'separated') expect(Math.max(...dependences)).toBeLessThan(rounding)
      else expect(Math.max(...dependences)).toBeGreaterThan(visible)
    }),
    { numRuns: 400 },
  )
  expect(Math.min(counts.separated, counts.connected)).toBeGreaterThan(40)
})

test('separated is independent for matrices with zeros and deterministic boxes too, at every fixed input', () => {
  let nontrivial = 0
  const drawn = meantDiagram.chain(({ diagram, meanings }) => {
    const whole = bloom(diagram).diagram
    // Every wire is an output where the joint distribution stays small.
    const asked = sizeOf(whole.outputs) * sizeOf(whole.inputs) <= 150 ? whole : diagram
    const questions =
      asked.outputs.length === 0
        ? fc.constant([])
        : fc.array(question(asked.outputs.length), { minLength: 8, maxLength: 8 })
    return fc.record({ diagram: fc.constant(asked), meanings: fc.constant(meanings), questions })
  })
  fc.assert(
    fc.property(drawn, ({ diagram, meanings, questions }) => {
      const kernel = jointOf(diagram, meanings)
      const width = sizeOf(diagram.outputs)
      for (const asked of questions) {
        if (valueOf(separated(diagram, asked)).kind === 'connected') continue
        if (asked.x.length > 0 && asked.y.length > 0) nontrivial += 1
        for (let start = 0; start < kernel.entries.length; start += width) {
          const joint = { ...kernel, domain: [], entries: kernel.entries.subarray(start, start + width) }
          expect(dependence(joint, asked)).toBeLessThan(rounding)
        }
      }
    }),
    { numRuns: 300 },
  )
  expect(nontrivial).toBeGreaterThan(100)
})
