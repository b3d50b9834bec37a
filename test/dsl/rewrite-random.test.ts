/** Rewriting with random equations in random diagrams. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { box, type Diagram, diagramOf, equal, normalForm, type Wires, type Wiring } from '../../dsl/index.js'
import { matches } from '../../dsl/match.js'
import { equation, rewrite, rewriteAll } from '../../dsl/rewrite.js'
import { sameWire } from '../../dsl/object.js'
import { outputsOf } from '../../dsl/wiring.js'
import { distance, FinStoch, type Rows, type StochasticMatrix } from '../../src/category/fin-stoch.js'
import { interpret, type Meanings } from '../../src/interpret.js'
import { bruteForceMatches } from '../support/brute-force-matches.js'
import { valueOf } from '../support/value-of.js'
import {
  A,
  B,
  vocabulary,
  vocabularyDiagram,
  vocabularyMeanings,
  withBox,
  type Word,
} from '../support/vocabulary-diagram.js'

const few: readonly Word[] = ['f', 'd', 'd', 'e', 'k', 'm']
const stochastic: readonly Word[] = ['s', 'f', 'g', 'k', 'm']

const boxCount = (diagram: Diagram): number => normalForm(diagram).boxes.length
/** A box of the type of a diagram, for the right side of the equation that defines it. */
const named = (diagram: Diagram): Diagram => box('whole', diagram.inputs, diagram.outputs)
const defining = (lhs: Diagram) => equation('whole is defined', lhs, named(lhs))
/** The equation the other way round. */
const unfolding = (lhs: Diagram) => equation('whole is unfolded', named(lhs), lhs)

/**
 * A few boxes of a diagram as a diagram: what they read and do not give are inputs, some of what they give or read are outputs. Every
 * input is read by a box.
 */
const part = (diagram: Diagram, picks: readonly number[], outputs: readonly number[]): Diagram => {
  const form = normalForm(diagram)
  const chosen = [...new Set(picks.map((pick) => pick % form.boxes.length))].sort((a, b) => a - b)
  const given = chosen.flatMap((index) => outputsOf(form.boxes[index]!))
  const boxes = chosen.map((index) => form.boxes[index]!)
  const internal = boxes.flatMap(({ inputs }) => inputs)
  const read = [...new Set(internal)].filter((wire) => !given.includes(wire))
  // A box that none of them reads gets an output.
  const needed = boxes.flatMap((wired) =>
    outputsOf(wired).some((wire) => internal.includes(wire)) ? [] : [wired.firstOutput],
  )
  const wanted = [...needed, ...outputs.map((pick) => [...given, ...read][pick % (given.length + read.length)]!)]

  let wiring: Wiring = { wires: read.map((wire) => form.wires[wire]!), inputCount: read.length, boxes: [], outputs: [] }
  const renamed = new Map(read.map((wire, input) => [wire, input]))
  for (const wired of boxes) {
    outputsOf(wired).forEach((wire, port) => renamed.set(wire, wiring.wires.length + port))
    wiring = withBox(
      wiring,
      wired.box,
      wired.inputs.map((wire) => renamed.get(wire)!),
    )
  }
  return diagramOf({ ...wiring, outputs: wanted.map((wire) => renamed.get(wire)!) })
}

/** A diagram, and a pattern of which boxes at least occur in it. */
const diagramAndPart = fc
  .tuple(
    vocabularyDiagram({ words: few, boxes: [2, 6], outputs: [2, 4] }).filter((diagram) => boxCount(diagram) > 1),
    fc.array(fc.nat(99), { minLength: 1, maxLength: 3 }),
    fc.array(fc.nat(99), { maxLength: 2 }),
  )
  .map(([diagram, picks, outputs]) => ({ diagram, lhs: part(diagram, picks, outputs) }))
const longDiagramAndPart = fc
  .tuple(
    vocabularyDiagram({ words: few, boxes: [10, 30], outputs: [4, 12] }).filter((diagram) => boxCount(diagram) > 5),
    fc.array(fc.nat(99), { minLength: 1, maxLength: 2 }),
    fc.array(fc.nat(99), { maxLength: 2 }),
  )
  .map(([diagram, picks, outputs]) => ({ diagram, lhs: part(diagram, picks, outputs) }))
const diagramAndPattern = fc.record({
  diagram: vocabularyDiagram({ words: few, boxes: [3, 6], outputs: [1, 4] }),
  lhs: vocabularyDiagram({ words: few, boxes: [1, 3], outputs: [1, 3] }).filter((diagram) => boxCount(diagram) > 0),
})

const stochasticPart = fc
  .tuple(
    vocabularyDiagram({ words: stochastic, boxes: [2, 6], outputs: [2, 4] }).filter((diagram) => boxCount(diagram) > 0),
    fc.array(fc.nat(99), { minLength: 1, maxLength: 3 }),
    fc.array(fc.nat(99), { maxLength: 2 }),
  )
  .map(([diagram, picked, outputs]) => part(diagram, picked, outputs))

const picks = (length: number): fc.Arbitrary<readonly number[]> =>
  fc.array(fc.nat(99), { minLength: length, maxLength: length })
/** Boxes before a hole, what the hole reads, boxes after it, and what is given. */
const contexts = fc.record({
  first: fc.array(fc.record({ word: fc.constantFrom(...stochastic), picks: picks(2) }), { maxLength: 3 }),
  reads: picks(6),
  second: fc.array(fc.record({ word: fc.constantFrom(...stochastic), picks: picks(2) }), { maxLength: 4 }),
  returns: picks(4),
})

type Context = typeof contexts extends fc.Arbitrary<infer C> ? C : never

interface Embedded {
  readonly diagram: Diagram
  /** The first output of each box in the hole, by its number in the wiring graph of the diagram. */
  readonly wiring: Wiring
  readonly inside: readonly number[]
}

/** A diagram put into a context; undefined if the context has no wire for it. */
const inContext = (hole: Diagram, { first, reads, second, returns }: Context): Embedded | undefined => {
  let wiring: Wiring = { wires: [A, A, B], inputCount: 3, boxes: [], outputs: [] }
  let visible: readonly number[] = [0, 1, 2]
  const chosen = (types: Wires, numbers: readonly number[]): readonly number[] | undefined => {
    const wires = types.map((type, port) => {
      const fitting = visible.filter((wire) => sameWire(wiring.wires[wire]!, type))
      return fitting[numbers[port % numbers.length]! % Math.max(1, fitting.length)]
    })
    return wires.every((wire) => wire !== undefined) ? wires : undefined
  }
  const addAll = (steps: Context['first']): void => {
    for (const step of steps) {
      const inputs = chosen(vocabulary[step.word].inputs, step.picks)
      if (inputs === undefined) continue
      wiring = withBox(wiring, vocabulary[step.word], inputs)
      visible = [...visible, ...outputsOf(wiring.boxes[wiring.boxes.length - 1]!)]
    }
  }
  addAll(first)
  const form = normalForm(hole)
  const into = chosen(hole.inputs, reads)
  if (into === undefined) return undefined
  const renamed = new Map(into.map((wire, input) => [input, wire]))
  const inside = form.boxes.map((wired) => {
    const at = wiring.wires.length
    wiring = withBox(
      wiring,
      wired.box,
      wired.inputs.map((wire) => renamed.get(wire)!),
    )
    outputsOf(wired).forEach((wire, port) => renamed.set(wire, at + port))
    return at
  })
  visible = [...visible, ...form.outputs.map((wire) => renamed.get(wire)!)]
  addAll(second)
  const outputs = returns.map((pick) => visible[visible.length - 1 - (pick % visible.length)]!)
  return { diagram: diagramOf({ ...wiring, outputs }), wiring: { ...wiring, outputs }, inside }
}

/** Whether every box in the hole is one that an output depends on. */
const staysWhole = ({ diagram, wiring, inside }: Embedded): boolean =>
  boxCount(diagramOf({ ...wiring, outputs: [...wiring.outputs, ...inside] })) === boxCount(diagram)

const rowsOf = ({ entries, domain, codomain }: StochasticMatrix): Rows => {
  const width = codomain.reduce((product, size) => product * size, 1)
  const height = domain.reduce((product, size) => product * size, 1)
  return Array.from({ length: height }, (_, row) => Array.from(entries.subarray(row * width, (row + 1) * width)))
}

describe('matches', () => {
  test('are what trial finds', () => {
    let [found, none] = [0, 0]
    fc.assert(
      fc.property(fc.oneof(diagramAndPart, diagramAndPattern), ({ diagram, lhs }) => {
        const ours = valueOf(matches(diagram, lhs)).map(({ boxes }) => boxes.join(' '))
        const theirs = bruteForceMatches(normalForm(diagram), normalForm(lhs)).map((boxes) => boxes.join(' '))
        found += theirs.length
        if (theirs.length === 0) none += 1
        expect([...ours].sort()).toEqual([...theirs].sort())
      }),
      { numRuns: 5000 },
    )
    expect(found).toBeGreaterThan(1000)
    expect(none).toBeGreaterThan(500)
  })
})

describe('rewriting', () => {
  test('finds a left side that was put into a context', () => {
    let embedded = 0
    fc.assert(
      fc.property(stochasticPart, contexts, (lhs, context) => {
        const [before, after] = [inContext(lhs, context), inContext(named(lhs), context)]
        // Outputs that are one wire, or a wire that is passed on, can be read in several ways.
        const { outputs, inputCount } = normalForm(lhs)
        const ambiguous = new Set(outputs).size < outputs.length || outputs.some((wire) => wire < inputCount)
        if (before === undefined || after === undefined || ambiguous || !staysWhole(before)) return
        embedded += 1
        const target = before.diagram
        const results = valueOf(matches(target, lhs)).map((_, at) =>
          valueOf(rewrite(target, defining(lhs), (_match, index) => index === at)),
        )
        expect(results.some((result) => equal(result, after.diagram))).toBe(true)
      }),
      { numRuns: 3000 },
    )
    expect(embedded).toBeGreaterThan(500)
  })

  test('at any match is undone by unfolding', () => {
    let rewritten = 0
    fc.assert(
      fc.property(diagramAndPart, ({ diagram, lhs }) => {
        const found = valueOf(matches(diagram, lhs))
        found.slice(0, 24).forEach((_, at) => {
          const after = valueOf(rewrite(diagram, defining(lhs), (_match, index) => index === at))
          expect(boxCount(after)).toBeGreaterThan(0)
          expect(equal(after, diagram)).toBe(false)
          expect(equal(valueOf(rewrite(after, unfolding(lhs))), diagram)).toBe(true)
          rewritten += 1
        })
      }),
      { numRuns: 3000 },
    )
    expect(rewritten).toBeGreaterThan(1000)
  })

  test('everywhere is undone by unfolding everywhere, and leaves no match', () => {
    let steps = 0
    fc.assert(
      fc.property(fc.oneof(diagramAndPart, longDiagramAndPart), ({ diagram, lhs }) => {
        const after = valueOf(rewriteAll(diagram, defining(lhs)))
        expect(valueOf(matches(after, lhs))).toEqual([])
        expect(equal(valueOf(rewriteAll(after, unfolding(lhs))), diagram)).toBe(true)
        steps += normalForm(after).boxes.filter(({ box: { name } }) => name === 'whole').length
      }),
      { numRuns: 3000 },
    )
    expect(steps).toBeGreaterThan(2000)
  })

  test('keeps the meaning in FinStoch to 1e-9, for every match', () => {
    let compared = 0
    fc.assert(
      fc.property(diagramAndPart, vocabularyMeanings, ({ diagram, lhs }, meanings) => {
        const whole = valueOf(interpret(FinStoch, meanings)(lhs))
        const known: Meanings<Rows> = { ...meanings, whole: rowsOf(whole) }
        const before = valueOf(interpret(FinStoch, known)(diagram))
        valueOf(matches(diagram, lhs))
          .slice(0, 6)
          .forEach((_, at) => {
            const after = valueOf(rewrite(diagram, defining(lhs), (_match, index) => index === at))
            const meaning = valueOf(interpret(FinStoch, known)(after))
            expect(meaning.domain).toEqual(before.domain)
            expect(meaning.codomain).toEqual(before.codomain)
            expect(distance(before, meaning)).toBeLessThan(1e-9)
            compared += 1
          })
      }),
      { numRuns: 400 },
    )
    expect(compared).toBeGreaterThan(200)
  })
})
