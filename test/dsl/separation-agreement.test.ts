/** d-separation of diagrams against two decisions on graphs, and what must not change an answer. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { impliedIndependences } from '../../dsl/independence.js'
import { type Diagram, diagramOf, equal, normalForm, open, seq, id, canonicalKey } from '../../dsl/index.js'
import { separated, type Separation } from '../../dsl/separation.js'
import { desugar } from '../../dsl/desugar.js'
import {
  type CausalGraph,
  diagramOfGraph,
  graphOfBits,
  type NodeQuestion,
  separatedByBayesBall,
  separatedInMoralGraph,
} from '../support/causal-graph.js'
import { expectRealCut, expectRealPath } from '../support/separation-evidence.js'
import { valueOf } from '../support/value-of.js'
import { chooser, disguise, question, wiringGraph } from '../support/wired-diagram.js'

const subsetsOf = (nodes: readonly number[]): readonly (readonly number[])[] =>
  nodes.reduce<readonly (readonly number[])[]>((sets, node) => [...sets, ...sets.map((set) => [...set, node])], [[]])

/** All x ⊥ y | Z of a graph by another decision, as sorted texts. */
const independencesBy = (
  decide: (parents: CausalGraph, question: NodeQuestion) => boolean,
  parents: CausalGraph,
): readonly string[] => {
  const nodes = parents.map((_, node) => node)
  return nodes
    .flatMap((x) => nodes.filter((y) => y > x).map((y) => [x, y] as const))
    .flatMap(([x, y]) =>
      subsetsOf(nodes.filter((node) => node !== x && node !== y))
        .filter((given) => decide(parents, { x: [x], y: [y], given }))
        .map((given) => `${x} ${y} | ${given.join(' ')}`),
    )
    .sort()
}

describe('agreement with other decisions', () => {
  // Up to the names of its nodes every acyclic graph has arrows from smaller to larger numbers only.
  test.each([
    [2, 2, 2],
    [3, 8, 48],
    [4, 64, 1536],
    [5, 1024, 81_920],
  ])('every graph of %i nodes: %i graphs, %i questions', (size, graphs, questions) => {
    const pairs = (size * (size - 1)) / 2
    expect([2 ** pairs, 2 ** pairs * pairs * 2 ** (size - 2)]).toEqual([graphs, questions])
    for (let bits = 0; bits < graphs; bits++) {
      const parents = graphOfBits(size, bits)
      const found = valueOf(impliedIndependences(diagramOfGraph(parents)))
      const texts = found.map(({ x, y, given }) => `${x} ${y} | ${given.join(' ')}`).sort()
      expect(texts).toEqual(independencesBy(separatedInMoralGraph, parents))
      expect(texts).toEqual(independencesBy(separatedByBayesBall, parents))
    }
  })

  test('8,000 random graphs of 3 to 6 nodes, random sets that may overlap; both answers are common', () => {
    const counts = { separated: 0, connected: 0 }
    const graphAndQuestion = fc.integer({ min: 3, max: 6 }).chain((size) =>
      fc.record({
        size: fc.constant(size),
        bits: fc.nat(2 ** ((size * (size - 1)) / 2) - 1),
        asked: question(size),
      }),
    )
    fc.assert(
      fc.property(graphAndQuestion, ({ size, bits, asked }) => {
        const parents = graphOfBits(size, bits)
        const diagram = diagramOfGraph(parents)
        const separation = valueOf(separated(diagram, asked))
        counts[separation.kind] += 1
        expect(separation.kind === 'separated').toBe(separatedInMoralGraph(parents, asked))
        expect(separation.kind === 'separated').toBe(separatedByBayesBall(parents, asked))
        if (separation.kind === 'separated') expectRealCut(diagram, asked, separation)
        else expectRealPath(diagram, asked, separation.path)
      }),
      { numRuns: 8000 },
    )
    expect(counts.separated).toBeGreaterThan(1000)
    expect(counts.connected).toBeGreaterThan(1000)
  })
})

/** A wiring graph with a question about its outputs. */
const anyWiring = wiringGraph({ mostBoxes: 7, generic: false, mostOutputs: 6 })
const wiringAndQuestion = anyWiring.chain((wiring) =>
  fc.record({ wiring: fc.constant(wiring), asked: question(wiring.outputs.length) }),
)

/** What two answers are compared by: plain data. */
const contentOf = (separation: Separation): unknown =>
  separation.kind === 'connected' ? separation : { ...separation, cut: canonicalKey(separation.cut) }

test('the evidence is real on diagrams with open inputs, joint outputs and shared wires', () => {
  fc.assert(
    fc.property(wiringAndQuestion, ({ wiring, asked }) => {
      const diagram = diagramOf(wiring)
      const separation = valueOf(separated(diagram, asked))
      if (separation.kind === 'separated') expectRealCut(diagram, asked, separation)
      else expectRealPath(diagram, asked, separation.path)
    }),
    { numRuns: 3000 },
  )
})

test('equal diagrams get the same answer, evidence included', () => {
  fc.assert(
    fc.property(wiringAndQuestion, chooser, ({ wiring, asked }, choose) => {
      const diagram = diagramOf(wiring)
      const expected = contentOf(valueOf(separated(diagram, asked)))
      const others: readonly Diagram[] = [
        disguise(wiring, choose),
        desugar(diagram),
        diagramOf(normalForm(diagram)),
        seq(open(diagram), id(...diagram.outputs)),
      ]
      for (const other of others) {
        expect(equal(other, diagram)).toBe(true)
        expect(contentOf(valueOf(separated(other, asked)))).toEqual(expected)
      }
    }),
    { numRuns: 1500 },
  )
})

describe('the rules of a compositional graphoid', () => {
  const sets = anyWiring.chain((wiring) => {
    const ports = fc.array(fc.nat(wiring.outputs.length - 1), { maxLength: 3 })
    return fc.record({ wiring: fc.constant(wiring), x: ports, y: ports, w: ports, z: ports })
  })
  type Sets = typeof sets extends fc.Arbitrary<infer S> ? S : never
  type Independent = (x: readonly number[], y: readonly number[], given: readonly number[]) => boolean
  /** How often the premises held, so that no rule is checked on nothing. */
  const check = (rule: (independent: Independent, sets: Sets) => boolean | undefined): number => {
    let held = 0
    fc.assert(
      fc.property(sets, (drawn) => {
        const diagram = diagramOf(drawn.wiring)
        const conclusion = rule(
          (x, y, given) => valueOf(separated(diagram, { x, y, given })).kind === 'separated',
          drawn,
        )
        if (conclusion === undefined) return
        held += 1
        expect(conclusion).toBe(true)
      }),
      { numRuns: 3000 },
    )
    return held
  }

  test('symmetry', () => {
    const held = check((independent, { x, y, z }) => (independent(x, y, z) ? independent(y, x, z) : undefined))
    expect(held).toBeGreaterThan(100)
  })
  test('decomposition', () => {
    const held = check((independent, { x, y, w, z }) =>
      independent(x, [...y, ...w], z) ? independent(x, y, z) && independent(x, w, z) : undefined,
    )
    expect(held).toBeGreaterThan(100)
  })
  test('weak union', () => {
    const held = check((independent, { x, y, w, z }) =>
      independent(x, [...y, ...w], z) ? independent(x, y, [...z, ...w]) : undefined,
    )
    expect(held).toBeGreaterThan(100)
  })
  test('contraction', () => {
    const held = check((independent, { x, y, w, z }) =>
      independent(x, y, z) && independent(x, w, [...z, ...y]) ? independent(x, [...y, ...w], z) : undefined,
    )
    expect(held).toBeGreaterThan(100)
  })
  test('composition, which probability alone does not have', () => {
    const held = check((independent, { x, y, w, z }) =>
      independent(x, y, z) && independent(x, w, z) ? independent(x, [...y, ...w], z) : undefined,
    )
    expect(held).toBeGreaterThan(100)
  })
  test('intersection of lists without a common wire, which probability alone does not have', () => {
    const held = check((independent, { wiring, x, y, w, z }) => {
      const { outputs } = normalForm(diagramOf(wiring))
      const wires = [x, y, w].map((ports) => new Set(ports.map((port) => outputs[port]!)))
      const disjoint = new Set(wires.flatMap((set) => [...set])).size === wires.reduce((sum, set) => sum + set.size, 0)
      return disjoint && independent(x, y, [...z, ...w]) && independent(x, w, [...z, ...y])
        ? independent(x, [...y, ...w], z)
        : undefined
    })
    expect(held).toBeGreaterThan(100)
  })
})
