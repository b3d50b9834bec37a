/**
 * `equal` against a decision by brute force that shares no code with it: boxes that nothing reads are deleted and equal deterministic
 * boxes are merged, one at a time in a random order, and what is left is compared by trying all bijections of boxes.
 */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import {
  box,
  type Box,
  canonicalKey,
  type Diagram,
  diagramOf,
  equal,
  finite,
  normalForm,
  par,
  type Program,
  seq,
  state,
} from '../../dsl/index.js'
import { checkedProgram, checkedSeq } from '../../dsl/checked.js'
import { equalDiagrams } from '../../laws/index.js'
import { valueOf } from '../support/value-of.js'

const A = finite('A', 2)

/** The boxes, as new records at each call. */
const signature = (): readonly Box[] => [
  box('noise', [A], [A]),
  box('map', [A], [A], { deterministic: true }),
  state('coin', [A]),
  box('both', [A, A], [A, A], { deterministic: true }),
  box('join', [A, A], [A]),
  box('lamp', [], [A], { deterministic: true }),
  box('pair', [A], [A, A]),
  box('end', [A], []),
]
const generators = signature()

/** A wire by what produces it: an input of the graph, or a port of a box. */
type Place = string
const inputPlace = (input: number): Place => `input ${input}`
const outputPlaces = (name: number, generator: number): readonly Place[] =>
  generators[generator]!.outputs.map((_, port) => `${name}/${port}`)

interface Occurrence {
  readonly name: number
  readonly generator: number
  readonly reads: readonly Place[]
}

/** Boxes in any order, without cycles. */
interface Graph {
  readonly inputCount: number
  readonly boxes: readonly Occurrence[]
  readonly outputs: readonly Place[]
}

type Choose = (among: number) => number

/** Choices from a seed: a linear congruence, whose high bits are the good ones. */
const chooser = (seed: number): Choose => {
  let now = seed >>> 0
  return (among) => {
    now = (Math.imul(now, 1664525) + 1013904223) >>> 0
    return Math.floor((now / 2 ** 32) * among)
  }
}
const oneOf = <X>(choose: Choose, options: readonly X[]): X => options[choose(options.length)]!

// ---------------------------------------------------------------------------------------------------------------------------
// Random graphs, and the same graphs in disguise

const randomGraph = (choose: Choose, most: number, kinds: number): Graph => {
  const inputCount = 1 + choose(2)
  const places = Array.from({ length: inputCount }, (_, input) => inputPlace(input))
  const boxes: Occurrence[] = []
  const count = choose(most + 1)
  for (let name = 0; name < count; name++) {
    const generator = choose(kinds)
    boxes.push({ name, generator, reads: generators[generator]!.inputs.map(() => oneOf(choose, places)) })
    places.push(...outputPlaces(name, generator))
  }
  return { inputCount, boxes, outputs: Array.from({ length: 1 + choose(2) }, () => oneOf(choose, places)) }
}

/** An equal graph: deterministic boxes computed twice, and boxes that nothing reads. */
const padded = ({ inputCount, boxes, outputs }: Graph, choose: Choose): Graph => {
  const twins = new Map<Place, Place>()
  const either = (place: Place): Place => (choose(2) === 0 ? place : (twins.get(place) ?? place))
  const places = Array.from({ length: inputCount }, (_, input) => inputPlace(input))
  const all: Occurrence[] = []
  let fresh = 100
  const add = (name: number, generator: number, reads: readonly Place[]): readonly Place[] => {
    all.push({ name, generator, reads })
    const given = outputPlaces(name, generator)
    places.push(...given)
    return given
  }
  for (const { name, generator, reads } of boxes) {
    const given = add(name, generator, reads.map(either))
    if (generators[generator]!.deterministic && choose(3) === 0)
      add(fresh++, generator, reads.map(either)).forEach((twin, port) => twins.set(given[port]!, twin))
    if (choose(4) === 0) {
      const idle = choose(generators.length)
      add(
        fresh++,
        idle,
        generators[idle]!.inputs.map(() => oneOf(choose, places)),
      )
    }
  }
  return { inputCount, boxes: all, outputs: outputs.map(either) }
}

/** Boxes in a random one of the orders in which every box comes after those that it reads. */
const shuffled = ({ inputCount, boxes }: Graph, choose: Choose): readonly Occurrence[] => {
  const known = new Set(Array.from({ length: inputCount }, (_, input) => inputPlace(input)))
  const waiting = [...boxes]
  const order: Occurrence[] = []
  while (waiting.length > 0) {
    const ready = waiting.filter(({ reads }) => reads.every((place) => known.has(place)))
    const next = oneOf(choose, ready)
    waiting.splice(waiting.indexOf(next), 1)
    order.push(next)
    outputPlaces(next.name, next.generator).forEach((place) => known.add(place))
  }
  return order
}

/** The diagram of a graph, its boxes in a random order: some steps as a program, then the rest on all the wires that there are. */
const layOut = (graph: Graph, choose: Choose): Diagram => {
  const boxes = signature()
  const order = shuffled(graph, choose)
  const cut = choose(order.length + 1)
  const places = Array.from({ length: graph.inputCount }, (_, input) => inputPlace(input))
  const numbers = new Map(places.map((place, number) => [place, number]))
  const part = (occurrences: readonly Occurrence[], returns: (wires: number) => readonly number[]): Program => {
    const inputs = places.map(() => A)
    const steps = occurrences.map(({ name, generator, reads }) => {
      const step = { diagram: boxes[generator]!, reads: reads.map((place) => numbers.get(place)!) }
      for (const place of outputPlaces(name, generator)) {
        numbers.set(place, places.length)
        places.push(place)
      }
      return step
    })
    return valueOf(checkedProgram(inputs, steps, returns(places.length)))
  }
  const first = part(order.slice(0, cut), (wires) => Array.from({ length: wires }, (_, wire) => wire))
  const rest = part(order.slice(cut), () => graph.outputs.map((place) => numbers.get(place)!))
  return valueOf(checkedSeq([first, rest]))
}

/** The same graph but for one wire that a box, or the graph, reads: another one, which exists before it. */
const nearMiss = (graph: Graph, choose: Choose): Graph => {
  const order = shuffled(graph, choose)
  const reading = order.filter(({ reads }) => reads.length > 0)
  const at = choose(reading.length + 1)
  const changed = reading[at]
  const before = changed === undefined ? order : order.slice(0, order.indexOf(changed))
  const places = [
    ...Array.from({ length: graph.inputCount }, (_, input) => inputPlace(input)),
    ...before.flatMap(({ name, generator }) => outputPlaces(name, generator)),
  ]
  const other = (reads: readonly Place[]): readonly Place[] => {
    const port = choose(reads.length)
    const options = places.filter((place) => place !== reads[port])
    return options.length === 0 ? reads : reads.map((place, k) => (k === port ? oneOf(choose, options) : place))
  }
  return changed === undefined
    ? { ...graph, outputs: other(graph.outputs) }
    : { ...graph, boxes: order.map((one) => (one === changed ? { ...one, reads: other(one.reads) } : one)) }
}

// ---------------------------------------------------------------------------------------------------------------------------
// Brute force

/** Deletes and merges until nothing can be deleted or merged, whatever comes first. */
const reduced = (graph: Graph, choose: Choose): Graph => {
  let now = graph
  for (;;) {
    const { boxes, outputs } = now
    const read = new Set([...boxes.flatMap(({ reads }) => reads), ...outputs])
    const moves: (() => Graph)[] = []
    const without = (gone: Occurrence): readonly Occurrence[] => boxes.filter((one) => one !== gone)
    for (const one of boxes) {
      if (!outputPlaces(one.name, one.generator).some((place) => read.has(place)))
        moves.push(() => ({ ...now, boxes: without(one) }))
      if (!generators[one.generator]!.deterministic) continue
      for (const twin of boxes)
        if (twin !== one && twin.generator === one.generator && twin.reads.join() === one.reads.join())
          moves.push(() => {
            const instead = new Map(
              outputPlaces(twin.name, twin.generator).map((place, port) => [place, `${one.name}/${port}`]),
            )
            const through = (place: Place): Place => instead.get(place) ?? place
            return {
              ...now,
              boxes: without(twin).map((kept) => ({ ...kept, reads: kept.reads.map(through) })),
              outputs: outputs.map(through),
            }
          })
    }
    if (moves.length === 0) return now
    now = oneOf(choose, moves)()
  }
}

/** Whether some bijection of boxes takes one graph to the other; inputs and outputs stay. */
const isomorphic = (f: Graph, g: Graph): boolean => {
  if (f.inputCount !== g.inputCount || f.outputs.length !== g.outputs.length || f.boxes.length !== g.boxes.length)
    return false
  const images = new Map<number, Occurrence>()
  const image = (place: Place): Place => {
    const [name, port] = place.split('/')
    return port === undefined ? place : `${images.get(Number(name))!.name}/${port}`
  }
  const preserved = (): boolean =>
    f.outputs.every((place, k) => image(place) === g.outputs[k]) &&
    f.boxes.every(({ name, reads }) => reads.every((place, port) => image(place) === images.get(name)!.reads[port]))
  const search = (from: number, left: readonly Occurrence[]): boolean => {
    const next = f.boxes[from]
    if (next === undefined) return preserved()
    return left.some((candidate) => {
      if (candidate.generator !== next.generator) return false
      images.set(next.name, candidate)
      return search(
        from + 1,
        left.filter((one) => one !== candidate),
      )
    })
  }
  return search(0, g.boxes)
}

const equalByBruteForce = (f: Graph, g: Graph, choose: Choose): boolean =>
  isomorphic(reduced(f, choose), reduced(g, choose))

// ---------------------------------------------------------------------------------------------------------------------------

const seeds = fc.integer()

/** How many pairs of each kind were compared. */
const compare = (pairOf: (choose: Choose) => readonly [Graph, Graph], numRuns: number) => {
  const seen = { equal: 0, different: 0 }
  fc.assert(
    fc.property(seeds, (seed) => {
      const choose = chooser(seed)
      const [f, g] = pairOf(choose)
      const wanted = equalByBruteForce(f, g, choose)
      seen[wanted ? 'equal' : 'different'] += 1
      const [left, right] = [layOut(f, choose), layOut(g, choose)]
      expect(equal(left, right)).toBe(wanted)
      expect(canonicalKey(left) === canonicalKey(right)).toBe(wanted)
    }),
    { numRuns },
  )
  return seen
}

describe('equal agrees with brute force', () => {
  test('on graphs in disguise: padded, renumbered, bracketed otherwise', () => {
    const seen = compare((choose) => {
      const graph = randomGraph(choose, 6, generators.length)
      return [graph, padded(graph, choose)]
    }, 1500)
    expect(seen).toEqual({ equal: 1500, different: 0 })
  })

  test('on near misses: one wire of a graph in disguise is another', () => {
    const seen = compare((choose) => {
      const graph = randomGraph(choose, 6, generators.length)
      return [graph, nearMiss(padded(graph, choose), choose)]
    }, 1500)
    expect(seen.equal).toBeGreaterThan(100)
    expect(seen.different).toBeGreaterThan(500)
  })

  test('on any two small graphs', () => {
    const seen = compare((choose) => [randomGraph(choose, 3, 3), randomGraph(choose, 3, 3)], 1500)
    expect(seen.equal).toBeGreaterThan(50)
    expect(seen.different).toBeGreaterThan(500)
  })
})

describe('the key of a composite depends on the keys of its parts alone', () => {
  const boxes = signature()
  const pairs = (inputs: number, outputs: number) =>
    equalDiagrams(boxes, new Array<typeof A>(inputs).fill(A), new Array<typeof A>(outputs).fill(A))

  test('equal parts give equal composites', () => {
    fc.assert(
      fc.property(pairs(1, 2), pairs(2, 1), ([f, same], [g, alike]) => {
        const key = canonicalKey(seq(f, g))
        expect(canonicalKey(seq(same, g))).toBe(key)
        expect(canonicalKey(seq(f, alike))).toBe(key)
        expect(canonicalKey(par(f, g))).toBe(canonicalKey(par(same, alike)))
      }),
      { numRuns: 300 },
    )
  })

  test('a normal form may stand for what it is the normal form of, and is its own', () => {
    fc.assert(
      fc.property(pairs(1, 2), pairs(2, 2), ([f], [g]) => {
        const [p, q] = [f, g].map((diagram) => diagramOf(normalForm(diagram)))
        expect(canonicalKey(p!)).toBe(canonicalKey(f))
        expect(canonicalKey(seq(p!, q!))).toBe(canonicalKey(seq(f, g)))
        expect(canonicalKey(par(q!, p!, f))).toBe(canonicalKey(par(g, f, p!)))
      }),
      { numRuns: 300 },
    )
  })
})
