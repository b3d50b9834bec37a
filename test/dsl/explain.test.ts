import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import {
  box,
  copy,
  type Diagram,
  diagramOf,
  discard,
  equal,
  finite,
  id,
  normalForm,
  type NormalForm,
  par,
  seq,
  state,
  swap,
  type Wires,
  wiringOf,
} from '../../dsl/index.js'
import type { Place } from '../../dsl/descent.js'
import {
  type DifferentSharing,
  type DifferentTerm,
  explain,
  type Explanation,
  explainedTermSize,
  type Occupant,
} from '../../dsl/explain.js'
import { showExplanation } from '../../dsl/show-explanation.js'
import { A, B, reword, rewordings, vocabulary, vocabularyDiagram } from '../support/vocabulary-diagram.js'

const { s, f, g, k, m, d, e } = vocabulary

/** Below an output along a path, by the names and the ports of the path: the wire that stands there. */
const wireAt = (form: NormalForm, { output, path }: Place): number =>
  path.reduce((wire, { box: name, output: port, input }) => {
    const wired = form.boxes.find(
      ({ box: generator, firstOutput }) => wire >= firstOutput && wire < firstOutput + generator.outputs.length,
    )
    expect(wired?.box.name).toBe(name)
    expect(wire - wired!.firstOutput).toBe(port)
    return wired!.inputs[input]!
  }, form.outputs[output]!)

/** A wire as a term, written out. */
const termOf = (form: NormalForm, wire: number): string => {
  const wired = form.boxes.find(
    ({ box: generator, firstOutput }) => wire >= firstOutput && wire < firstOutput + generator.outputs.length,
  )
  if (wired === undefined) return String(wire)
  return `${wired.box.name}.${wire - wired.firstOutput}(${wired.inputs.map((input) => termOf(form, input)).join(',')})`
}

const checkOccupant = (form: NormalForm, wire: number, occupant: Occupant): void => {
  if (occupant.kind === 'input') expect(occupant.input).toBe(wire)
  else {
    const { box: generator, firstOutput } = form.boxes.find(({ box: each }) => each === occupant.box)!
    expect(generator.name).toBe(occupant.box.name)
    expect(firstOutput).toBeGreaterThanOrEqual(form.inputCount)
    expect(termOf(form, wire).startsWith(`${occupant.box.name}.${occupant.port}(`)).toBe(true)
  }
  expect(occupant.term.outputs).toEqual([form.wires[wire]])
  expect(wiringOf(occupant.term).boxes.length).toBeLessThanOrEqual(explainedTermSize)
}

/** Everything that an explanation says is so. */
const checkExplanation = (left: Diagram, right: Diagram, explanation: Explanation): void => {
  expect(explanation.kind === 'equal').toBe(equal(left, right))
  const [ours, theirs] = [normalForm(left), normalForm(right)]
  switch (explanation.kind) {
    case 'equal':
      return
    case 'boundary': {
      const { side, at } = explanation
      expect(left[side].slice(0, at)).toEqual(right[side].slice(0, at))
      expect(left[side][at]).toEqual(explanation.left)
      expect(right[side][at]).toEqual(explanation.right)
      expect(explanation.left).not.toEqual(explanation.right)
      return
    }
    case 'different': {
      const [l, r] = [wireAt(ours, explanation), wireAt(theirs, explanation)]
      checkOccupant(ours, l, explanation.left)
      checkOccupant(theirs, r, explanation.right)
      const shown = (occupant: Occupant): string =>
        occupant.kind === 'input' ? `input ${occupant.input}` : `${occupant.box.name}.${occupant.port}`
      expect(shown(explanation.left)).not.toBe(shown(explanation.right))
      // Everything that the walk passed before is the same on both sides.
      for (let output = 0; output < explanation.output; output++)
        expect(termOf(ours, ours.outputs[output]!)).toBe(termOf(theirs, theirs.outputs[output]!))
      explanation.path.forEach(({ input }, depth) => {
        const above = { output: explanation.output, path: explanation.path.slice(0, depth + 1) }
        for (let port = 0; port < input; port++) {
          const path = above.path.map((step, at) => (at === depth ? { ...step, input: port } : step))
          expect(termOf(ours, wireAt(ours, { ...above, path }))).toBe(
            termOf(theirs, wireAt(theirs, { ...above, path })),
          )
        }
      })
      return
    }
    case 'sharing': {
      ours.outputs.forEach((wire, output) => expect(termOf(ours, wire)).toBe(termOf(theirs, theirs.outputs[output]!)))
      const { first, box: generator } = explanation
      expect(generator.deterministic).toBe(false)
      const boxAt = (form: NormalForm, place: Place): number => {
        const wire = wireAt(form, place)
        return form.boxes.findIndex(
          ({ box: each, firstOutput }) => wire >= firstOutput && wire < firstOutput + each.outputs.length,
        )
      }
      for (const [form, { draws, term }] of [
        [ours, explanation.left],
        [theirs, explanation.right],
      ] as const) {
        expect(draws).toBe(new Set([boxAt(form, first), boxAt(form, explanation)]).size)
        expect(form.boxes[boxAt(form, first)]!.box.name).toBe(generator.name)
        expect(term.outputs).toHaveLength(2)
        const drawn = wiringOf(term)
        expect(drawn.boxes.length).toBeLessThanOrEqual(explainedTermSize)
        expect(drawn.boxes.filter(({ box: { name } }) => name === generator.name).length).toBeGreaterThanOrEqual(draws)
      }
      expect([explanation.left.draws, explanation.right.draws].sort()).toEqual([1, 2])
      return
    }
  }
}

const differentTerm = (explanation: Explanation): DifferentTerm => {
  if (explanation.kind !== 'different')
    throw new Error(`expected different terms, got: ${showExplanation(explanation)}`)
  return explanation
}
const differentSharing = (explanation: Explanation): DifferentSharing => {
  if (explanation.kind !== 'sharing')
    throw new Error(`expected different sharing, got: ${showExplanation(explanation)}`)
  return explanation
}
const explained = (left: Diagram, right: Diagram): string => showExplanation(explain(left, right))

describe('explain', () => {
  test('agrees with equality, and what it says is so: random diagrams of one type', () => {
    const inputs: Wires = [A, A]
    const diagrams = vocabularyDiagram({
      words: ['s', 'f', 'k', 'm', 'd', 'e'],
      inputs,
      boxes: [1, 6],
      outputs: [1, 3],
    })
    const kinds = new Map<Explanation['kind'], number>()
    fc.assert(
      fc.property(diagrams, diagrams, (left, right) => {
        const explanation = explain(left, right)
        kinds.set(explanation.kind, (kinds.get(explanation.kind) ?? 0) + 1)
        checkExplanation(left, right, explanation)
      }),
      { numRuns: 4000 },
    )
    expect(kinds.get('different')).toBeGreaterThan(500)
  })

  test('finds nothing between diagrams that the axioms make equal', () => {
    fc.assert(
      fc.property(vocabularyDiagram(), rewordings, (diagram, steps) => {
        const other = steps.reduce(reword, diagram)
        expect(explain(diagram, other)).toEqual({ kind: 'equal' })
        expect(equal(diagram, other)).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  test('tells one draw from two: a stochastic box split in two', () => {
    let shared = 0
    const diagrams = vocabularyDiagram({ words: ['s', 'f', 'g', 'k', 'm', 'd', 'e'], boxes: [3, 8], outputs: [2, 5] })
    fc.assert(
      fc.property(
        diagrams,
        fc.nat(99),
        fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }),
        (diagram, pick, coins) => {
          const form = normalForm(diagram)
          const candidates = form.boxes.flatMap(({ box: generator }, index) => (generator.deterministic ? [] : [index]))
          if (candidates.length === 0) return
          const chosen = form.boxes[candidates[pick % candidates.length]!]!
          const second = form.wires.length
          let turn = 0
          const use = (wire: number): number => {
            const port = wire - chosen.firstOutput
            const ours = port >= 0 && port < chosen.box.outputs.length
            return ours && coins[turn++ % coins.length] === true ? second + port : wire
          }
          // The second drawing comes last in the list of boxes: numbers of a program are those of its steps, so insert and renumber.
          const width = chosen.box.outputs.length
          const end = chosen.firstOutput + width
          const renumber = (wire: number): number =>
            wire >= second ? end + wire - second : wire < end ? wire : wire + width
          const at = form.boxes.indexOf(chosen)
          const boxes = [
            ...form.boxes.slice(0, at + 1),
            { ...chosen, firstOutput: second },
            ...form.boxes.slice(at + 1).map((wired) => ({ ...wired, inputs: wired.inputs.map(use) })),
          ].map((wired) => ({ ...wired, inputs: wired.inputs.map(renumber), firstOutput: renumber(wired.firstOutput) }))
          const split = diagramOf({
            wires: [...form.wires.slice(0, end), ...chosen.box.outputs, ...form.wires.slice(end)],
            inputCount: form.inputCount,
            boxes,
            outputs: form.outputs.map(use).map(renumber),
          })
          for (const [left, right] of [
            [diagram, split],
            [split, diagram],
          ] as const) {
            const explanation = explain(left, right)
            if (explanation.kind !== 'equal') {
              expect(explanation.kind).toBe('sharing')
              shared += 1
            }
            checkExplanation(left, right, explanation)
          }
        },
      ),
      { numRuns: 2000 },
    )
    expect(shared).toBeGreaterThan(500)
  })

  test('boundaries', () => {
    expect(explain(f, seq(id(A), par(f, s)))).toMatchObject({
      kind: 'boundary',
      side: 'outputs',
      at: 1,
      left: undefined,
    })
    expect(explained(id(A), id(B))).toBe(
      'the inputs differ at 0: A (2 elements) on the left, B (3 elements) on the right',
    )
    expect(explained(seq(f, discard(A)), f)).toBe(
      'the outputs differ at 0: no wire on the left, A (2 elements) on the right',
    )
    const [named, renamed] = [finite('A', ['x', 'y']), finite('A', ['y', 'x'])]
    expect(explained(id(named), id(renamed))).toBe(
      'the inputs differ at 0: ["finite","A",["x","y"]] on the left, ["finite","A",["y","x"]] on the right',
    )
  })

  test('the first place, with what stands there', () => {
    const left = seq(par(f, g), k)
    const right = seq(par(f, seq(d, g)), k)
    expect(explain(left, right)).toMatchObject({
      kind: 'different',
      output: 0,
      path: [
        { box: 'k', output: 0, input: 1 },
        { box: 'g', output: 0, input: 0 },
      ],
      left: { kind: 'input', input: 1 },
      right: { kind: 'box', port: 0 },
    })
    expect(explained(left, right)).toBe(
      'at output 0, below input 1 of k, below input 0 of g: on the left input 1, A, on the right box d : A -> A',
    )
    expect(explained(seq(m, swap(A, A)), m)).toBe(
      'at output 0: on the left output 1 of box m : A -> A ⊗ A, on the right output 0 of box m : A -> A ⊗ A',
    )
    expect(explained(swap(A, A), id(A, A))).toBe('at output 0: on the left input 1, A, on the right input 0, A')
  })

  test('boxes that look the same', () => {
    const inside = (body: Diagram<[typeof A], [typeof A]>) => box('n', [A], [A], { body })
    expect(explained(box('n', [A], [A]), box('n', [A], [A], { deterministic: true }))).toBe(
      'at output 0: on the left box n : A -> A, on the right box n : A -> A; only the right one is deterministic',
    )
    expect(explained(inside(f), box('n', [A], [A]))).toBe(
      'at output 0: on the left box n : A -> A, on the right box n : A -> A; only the left one contains a diagram',
    )
    expect(explained(inside(f), inside(seq(f, g)))).toBe(
      'at output 0: on the left box n : A -> A, on the right box n : A -> A; what they contain differs: ' +
        'at output 0: on the left box f : A -> A, on the right box g : A -> A',
    )
    const [named, renamed] = [finite('B', ['x', 'y']), finite('B', 3)]
    expect(
      explained(
        seq(box('n', [A], [named]), box('z', [named], [A])),
        seq(box('n', [A], [renamed]), box('z', [renamed], [A])),
      ),
    ).toBe(
      'at output 0: on the left box z : B -> A, on the right box z : B -> A; the inputs differ at 0: B (2 elements) on the left, B (3 elements) on the right',
    )
  })

  test('sharing: the deepest box whose draws are shared differently', () => {
    const once = seq(f, g, copy(A), par(d, id(A)))
    const twice = seq(copy(A), par(seq(f, g, d), seq(f, g)))
    const explanation = explain(once, twice)
    expect(explanation).toMatchObject({
      kind: 'sharing',
      first: { output: 0, path: [{ box: 'd' }, { box: 'g' }] },
      output: 1,
      path: [{ box: 'g' }],
      left: { draws: 1 },
      right: { draws: 2 },
    })
    expect(showExplanation(explanation)).toBe(
      'the left uses one draw of f twice, the right draws twice: at output 0, below input 0 of d, below input 0 of g and at output 1, below input 0 of g',
    )
    expect(explained(twice, once)).toContain('the left draws f twice, the right uses one draw twice')
    const sharing = differentSharing(explanation)
    expect(equal(sharing.left.term, seq(f, copy(A)))).toBe(true)
    expect(equal(sharing.right.term, seq(copy(A), par(f, f)))).toBe(true)
  })

  test('two coins against one coin copied', () => {
    const coin = state('coin', [A])
    expect(explained(par(coin, coin), seq(coin, copy(A)))).toBe(
      'the left draws coin twice, the right uses one draw twice: at output 0 and at output 1',
    )
    expect(explain(seq(copy(A), par(d, d)), seq(d, copy(A)))).toEqual({ kind: 'equal' })
    // Three draws, paired differently.
    const [left, right] = [seq(coin, copy(A)), seq(par(coin, coin))]
    expect(explain(seq(par(left, coin)), par(coin, seq(coin, copy(A))))).toMatchObject({ kind: 'sharing' })
    expect(explain(left, right)).toMatchObject({ left: { draws: 1 }, right: { draws: 2 } })
  })

  test('terms are cut to a few boxes', () => {
    const chain = (length: number): Diagram => seq(id(A), ...new Array<Diagram>(length).fill(f))
    const explanation = differentTerm(explain(seq(chain(10), g), seq(chain(10), d)))
    expect(equal(explanation.left.term, seq(f, f, f, g))).toBe(true)
    expect(equal(explanation.right.term, seq(f, f, f, d))).toBe(true)
  })

  test('deep chains, and terms that are exponentially large when written out', () => {
    const chain = (first: Diagram): Diagram => seq(first, ...new Array<Diagram>(100_000).fill(f))
    const explanation = differentTerm(explain(chain(g), chain(d)))
    expect(explanation.path).toHaveLength(100_000)
    expect(showExplanation(explanation)).toContain('99992 boxes further')
    expect(explain(chain(g), chain(g))).toEqual({ kind: 'equal' })

    const doubled = (first: Diagram): Diagram => seq(first, ...new Array<Diagram>(100).fill(seq(copy(A), k)))
    const deterministic = (first: Diagram): Diagram => seq(first, ...new Array<Diagram>(100).fill(seq(copy(A), e)))
    for (const each of [doubled, deterministic]) {
      expect(explain(each(g), each(g))).toEqual({ kind: 'equal' })
      expect(differentTerm(explain(each(g), each(f))).path).toHaveLength(100)
    }
    // One draw at the top of a hundred doublings, or two of them below.
    const split = seq(copy(A), par(f, f), k, ...new Array<Diagram>(100).fill(seq(copy(A), k)))
    expect(explain(doubled(f), split)).toMatchObject({ kind: 'different' })
    expect(explain(seq(f, copy(A), k, ...new Array<Diagram>(100).fill(seq(copy(A), k))), split)).toMatchObject({
      kind: 'sharing',
      left: { draws: 1 },
      right: { draws: 2 },
    })
  })
})
