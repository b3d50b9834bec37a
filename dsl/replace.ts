/**
 * Occurrences of the left side of an equation replaced by its right side: the second half of double-pushout rewriting.
 *
 * The new wiring graph is written down use by use: for every place that reads a wire of an occurrence it is asked where the wire comes
 * from now. A place on which the occurrence depends gets it from deterministic boxes that are kept before the right side; any other
 * gets the output of the right side, or deterministic boxes that are kept after it.
 */
import { ancestralBoxes, wireGraph } from './connection.js'
import type { Match } from './match.js'
import type { NormalForm } from './normal-form.js'
import type { Target } from './occurrence.js'
import type { Pattern } from './pattern.js'
import { newSketch } from './sketch.js'
import type { Wiring } from './wiring.js'

/** The two sides of an equation, ready for rewriting. */
export interface Rule {
  readonly pattern: Pattern
  readonly rhs: NormalForm
  /**
   * 1 for each input of the left side that is one of its outputs, where the right side gives something else: what reads the wire in
   * the target reads that output then.
   */
  readonly redirected: Uint8Array
}

/** An occurrence, with the boxes of the target on which it depends. */
interface Place {
  readonly match: Match
  readonly before: Uint8Array
}

/** One occurrence replaced. */
export const replaceOne = (target: Target, rule: Rule, match: Match): Wiring => {
  const { form } = target.graph
  const read = match.wires.slice(0, rule.pattern.graph.form.inputCount).filter((wire) => wire !== undefined)
  const replaced = replace(target, rule, [{ match, before: ancestralBoxes(form, read) }])
  if (replaced === undefined) throw new Error('replaceOne: the occurrence is not convex')
  return replaced
}

/**
 * Several occurrences without common boxes replaced together, as if nothing on which one of them depends read a wire of it; undefined
 * if what comes of that is circular. Not for equations that redirect an input.
 */
export const replaceTogether = (target: Target, rule: Rule, matches: readonly Match[]): Wiring | undefined => {
  const before = new Uint8Array(target.graph.form.boxes.length)
  return replace(
    target,
    rule,
    matches.map((match) => ({ match, before })),
  )
}

const replace = (target: Target, { pattern, rhs, redirected }: Rule, places: readonly Place[]): Wiring | undefined => {
  const { form, producer } = target.graph
  const lhs = pattern.graph.form
  const sketch = newSketch(form.wires.slice(0, form.inputCount))

  // The occurrence that each box of the target belongs to, and the box of the pattern that it is the image of.
  const owner = new Int32Array(form.boxes.length).fill(-1)
  const role = new Int32Array(form.boxes.length)
  // The wires of the target that outputs of the right side stand for, although no box of an occurrence produces them.
  const passed = new Map<number, { readonly place: number; readonly wire: number }>()
  places.forEach(({ match }, place) => {
    match.boxes.forEach((box, part) => ([owner[box], role[box]] = [place, part]))
    for (let wire = 0; wire < lhs.inputCount; wire++) {
      const image = match.wires[wire]
      if (redirected[wire] === 1 && image !== undefined && !passed.has(image)) passed.set(image, { place, wire })
    }
  })

  // First every new box gets its numbers; the boxes that are kept beside an occurrence are there twice, and what is not read goes.
  const stay = form.boxes.map(({ box }, index) => (owner[index] === -1 ? sketch.add(box) : absent))
  const keep = (available: Uint8Array): readonly number[] =>
    lhs.boxes.map(({ box, inputs }) =>
      box.deterministic && inputs.every((wire) => available[wire] === 1) ? sketch.add(box) : absent,
    )
  const keptBefore = places.map(() => keep(pattern.before))
  const keptAfter = places.map(() => keep(pattern.after))
  const right = places.map(() => rhs.boxes.map(({ box }) => sketch.add(box)))

  // Then it is said what they read. A wire of the target is at the port of the new box where it was at the port of the old one.
  const moved = (wire: number, firstOutput: number): number => {
    if (firstOutput === absent) throw new Error('replace: the occurrence is read where it cannot be')
    return firstOutput + wire - form.boxes[producer[wire]!]!.firstOutput
  }
  const before = (wire: number, place: number): number => {
    const box = producer[wire]!
    if (box === -1) return wire
    if (owner[box] === -1) return moved(wire, stay[box]!)
    return owner[box] === place ? moved(wire, keptBefore[place]![role[box]!]!) : after(wire, 0)
  }
  const rightWire = (wire: number, place: number): number => {
    if (wire < rhs.inputCount) return before(places[place]!.match.wires[wire]!, place)
    const box = rhsProducer[wire]!
    return right[place]![box]! + wire - rhs.boxes[box]!.firstOutput
  }
  const rhsProducer = wireGraph(rhs).producer
  /** The output of the right side for a wire of the left one that is an output: the turn-th, or the last, of them. */
  const output = (wire: number, place: number, turn: number): number => {
    const carriers = pattern.carriers[wire]!
    return rightWire(rhs.outputs[carriers[Math.min(turn, carriers.length - 1)]!]!, place)
  }
  const after = (image: number, turn: number): number => {
    const box = producer[image]!
    const wire = lhs.boxes[role[box]!]!.firstOutput + image - form.boxes[box]!.firstOutput
    return pattern.carriers[wire]!.length > 0
      ? output(wire, owner[box]!, turn)
      : moved(image, keptAfter[owner[box]!]![role[box]!]!)
  }
  // Where several outputs of the left side are one wire, its readers are dealt to them in turn.
  const turns = new Map<number, number>()
  const deal = (wire: number): number => {
    const turn = turns.get(wire) ?? 0
    turns.set(wire, turn + 1)
    return turn
  }
  /** Where a box of the target, or an output (reader -1), reads a wire now. */
  const read = (wire: number, reader: number): number => {
    const pass = passed.get(wire)
    const box = producer[wire]!
    const place = pass?.place ?? (box === -1 ? -1 : owner[box]!)
    if (place !== -1 && places[place]!.before[reader] !== 1)
      return pass === undefined ? after(wire, deal(wire)) : output(pass.wire, place, deal(wire))
    return before(wire, place)
  }

  form.boxes.forEach(({ inputs }, box) => {
    const reads = (wire: number): number => read(wire, box)
    if (owner[box] === -1) sketch.connect(stay[box]!, inputs.map(reads))
  })
  places.forEach(({ match }, place) => {
    lhs.boxes.forEach(({ inputs: ours }, part) => {
      const { inputs } = form.boxes[match.boxes[part]!]!
      const early = keptBefore[place]![part]!
      const late = keptAfter[place]![part]!
      const outside = (wire: number): number => before(wire, place)
      if (early !== absent) sketch.connect(early, inputs.map(outside))
      const reads = (wire: number, port: number): number =>
        ours[port]! < lhs.inputCount ? outside(wire) : after(wire, 0)
      if (late !== absent) sketch.connect(late, inputs.map(reads))
    })
    const reads = (wire: number): number => rightWire(wire, place)
    rhs.boxes.forEach(({ inputs }, box) => sketch.connect(right[place]![box]!, inputs.map(reads)))
  })
  return sketch.finish(form.outputs.map((wire) => read(wire, -1)))
}

/** In place of the first output of a box that is not there. */
const absent = -1
