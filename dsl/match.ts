/**
 * Where a diagram occurs inside another one: matching of wiring graphs, as in double-pushout rewriting.
 *
 * Both are taken in normal form, so that equal diagrams have the same matches. A match sends the boxes of the pattern to different
 * boxes of the same generator, and its wires along with them; inputs of the pattern may share a wire. It is an occurrence, so that the
 * rest of the target is a diagram with a hole of the pattern's type, when
 *
 *  - every wire inside that something outside reads can be had after the pattern (`Pattern`): for stochastic boxes, an output of it;
 *    a wire that the pattern discards must be unused;
 *  - it is convex: no way leads out of it and back into it, except on wires that can be had before it.
 *
 * Sources: A. Milosavljević, R. Piedeleu and F. Zanasi, "String diagram rewriting modulo commutative (co)monoid structure" (2023), for
 * diagrams with copy and discard; F. Bonchi, F. Gadducci, A. Kissinger, P. Sobociński and F. Zanasi, "String diagram rewrite theory II:
 * rewriting with symmetric monoidal structure" (2022), for convex matches. What deterministic boxes add is this library's own.
 */
import { type Either, isLeft, right } from 'fp-ts/lib/Either.js'

import type { Diagram } from './diagram.js'
import { generatorKey, normalForm } from './normal-form.js'
import { occurrenceTest, type Target, targetOf } from './occurrence.js'
import { type Pattern, patternOf, searchPlan } from './pattern.js'
import type { Problem } from './problem.js'

/** An occurrence of a pattern; boxes and wires are numbered as in the normal forms of the two diagrams. */
export interface Match {
  /** For each box of the pattern the box of the target. */
  readonly boxes: readonly number[]
  /** For each wire of the pattern, its inputs first, the wire of the target; undefined for an input that no box reads. */
  readonly wires: readonly (number | undefined)[]
}

/**
 * All occurrences of a pattern in a diagram, in the lexicographic order of the search: by its rarest box first.
 *
 * Two boxes of the pattern are never the same box of the target, even where determinism would allow it; and there may be very many
 * occurrences if the pattern falls into several parts. Errors: `unsupported` for a pattern without boxes.
 *
 * @example
 * const A = finite('A', 2)
 * const f = box('f', [A], [A])
 * toUnion(matches(seq(f, f, f), seq(f, f))).map(({ boxes }) => boxes) // => [[0, 1], [1, 2]]
 */
export const matches = (diagram: Diagram, lhs: Diagram): Either<Problem, readonly Match[]> => {
  const pattern = patternOf(lhs)
  if (isLeft(pattern)) return pattern
  const found: Match[] = []
  search(targetOf(normalForm(diagram)), pattern.right, (match) => {
    found.push(match)
    return 'next'
  })
  return right(found)
}

/**
 * What the search does after an occurrence: look for the `next` one; look for one that has no box in common with this one
 * (`disjoint`) nor with any that was found before it in this way; or `stop`.
 */
export type Visit = (match: Match) => 'next' | 'disjoint' | 'stop'

/** Visits the occurrences of a pattern, with a stack of its own. */
export const search = (target: Target, pattern: Pattern, visit: Visit): void => {
  const { form, producer, firstReader, readers } = target.graph
  const generators = new Map<string, number>()
  const wanted = pattern.graph.form.boxes.map(({ box }) => {
    const key = generatorKey(box)
    if (!generators.has(key)) generators.set(key, generators.size)
    return generators.get(key)!
  })
  const occurrences: number[][] = [...generators].map(() => [])
  const generatorAt = Int32Array.from(form.boxes, ({ box }) => generators.get(generatorKey(box)) ?? -1)
  generatorAt.forEach((generator, box) => generator !== -1 && occurrences[generator]!.push(box))
  const plan = searchPlan(pattern.graph, (box) => occurrences[wanted[box]!]!.length)

  const boxes = new Int32Array(wanted.length).fill(-1)
  const wires = new Int32Array(pattern.graph.form.wires.length).fill(-1)
  const taken = new Uint8Array(form.boxes.length)
  // The wires in the order in which they were bound, and how many were when each level began.
  const bound: number[] = []
  const boundBefore: number[] = []
  const bind = (wire: number, image: number): boolean => {
    if (wires[wire] !== -1) return wires[wire] === image
    wires[wire] = image
    bound.push(wire)
    return true
  }
  const unbind = (level: number): void => {
    for (const wire of bound.splice(boundBefore[level]!)) wires[wire] = -1
  }
  const place = (level: number, box: number): boolean => {
    const at = plan[level]!.box
    if (taken[box] === 1 || generatorAt[box] !== wanted[at]) return false
    const ours = pattern.graph.form.boxes[at]!
    const theirs = form.boxes[box]!
    boundBefore[level] = bound.length
    const fits =
      ours.inputs.every((wire, port) => bind(wire, theirs.inputs[port]!)) &&
      ours.box.outputs.every((_, port) => {
        const wire = ours.firstOutput + port
        const image = theirs.firstOutput + port
        // A wire that cannot be had outside is read inside only.
        return bind(wire, image) && (pattern.after[wire] === 1 || pattern.readings[wire] === target.uses[image])
      })
    if (!fits) unbind(level)
    else [taken[box], boxes[at]] = [1, box]
    return fits
  }

  const candidates = (level: number): Candidates => {
    const step = plan[level]!
    if (step.via === 'anchor') return candidatesOf(occurrences[wanted[step.box]!]!)
    const image = wires[step.wire]!
    if (step.via === 'producer') return candidatesOf(producer[image] === -1 ? [] : [producer[image]!])
    return {
      ...candidatesOf(readers),
      from: firstReader[image]!,
      next: firstReader[image]!,
      to: firstReader[image + 1]!,
    }
  }

  const occurs = occurrenceTest(target, pattern)
  const stack = [candidates(0)]
  for (let top = stack[0]; top !== undefined; top = stack[stack.length - 1]) {
    const level = stack.length - 1
    if (top.placed !== -1) {
      unbind(level)
      taken[top.placed] = 0
      top.placed = -1
    }
    if (top.next === top.to) {
      stack.pop()
      continue
    }
    const box = top.list[top.next++]!
    // A box that reads a wire at several ports is listed several times, one after the other.
    const again = top.next - 2 >= top.from && top.list[top.next - 2] === box
    if (again || !place(level, box)) continue
    top.placed = box
    if (level + 1 < plan.length) {
      stack.push(candidates(level + 1))
      continue
    }
    if (!occurs(boxes, wires)) continue
    const images = Array.from(wires, (wire) => (wire === -1 ? undefined : wire))
    const then = visit({ boxes: Array.from(boxes), wires: images })
    if (then === 'stop') return
    if (then === 'next') continue
    // The boxes stay taken, and the search goes on with another box for the first one of the plan.
    unbind(0)
    stack.length = 1
    stack[0]!.placed = -1
  }
}

/** The boxes that are tried for one box of the plan, and the one that is tried now. */
interface Candidates {
  readonly list: ArrayLike<number>
  readonly from: number
  readonly to: number
  next: number
  placed: number
}

const candidatesOf = (list: ArrayLike<number>): Candidates => ({ list, from: 0, to: list.length, next: 0, placed: -1 })
