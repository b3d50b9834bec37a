/**
 * A program as the sequential and parallel composites, copies, discards and permutations that it abbreviates.
 */
import { copy, type Diagram, discard, id, par, permute, type Program, seq, type Sequential } from './diagram.js'
import type { Wire } from './object.js'

/**
 * The composite of a program: for each step a layer that brings the wires that it reads to the front, and the step beside the wires
 * that are read later. The work is the number of steps times the wires alive between them.
 */
export const desugar = ({ inputs, steps, returns }: Program): Sequential => {
  // For every number the last step that reads it; `steps.length` for what is returned.
  const lastRead = new Map<number, number>()
  steps.forEach(({ reads }, step) => reads.forEach((number) => lastRead.set(number, step)))
  returns.forEach((number) => lastRead.set(number, steps.length))

  const types: Wire[] = [...inputs]
  const parts: Diagram[] = [id(...inputs)]
  let alive: readonly number[] = inputs.map((_, number) => number)
  steps.forEach(({ diagram, reads }, step) => {
    const later = alive.filter((number) => (lastRead.get(number) ?? -1) > step)
    parts.push(...rearrange(alive, [...reads, ...later], types))
    parts.push(par(diagram, id(...later.map((number) => types[number]!))))
    const given = diagram.outputs.map((_, port) => types.length + port)
    types.push(...diagram.outputs)
    alive = [...given, ...later]
  })
  parts.push(...rearrange(alive, returns, types))
  const [first, ...rest] = parts
  return seq(first!, ...rest)
}

/** The wiring from numbered wires to others of the same numbers, each as often as it is wanted. */
const rearrange = (from: readonly number[], to: readonly number[], types: readonly Wire[]): readonly Diagram[] => {
  if (from.length === to.length && from.every((number, place) => number === to[place])) return []
  const places = new Map<number, number[]>()
  to.forEach((number, place) => places.set(number, [...(places.get(number) ?? []), place]))
  const spread: Diagram[] = from.map((number) => copies(types[number]!, places.get(number)?.length ?? 0))
  const given = from.flatMap((number) => places.get(number) ?? [])
  const order = new Array<number>(to.length)
  given.forEach((place, index) => (order[place] = index))
  return [
    par(...spread),
    permute(
      given.map((place) => types[to[place]!]!),
      order,
    ),
  ]
}

/** A wire as often as it is wanted. */
const copies = (wire: Wire, count: number): Diagram => {
  if (count === 0) return discard(wire)
  const parts: Diagram[] = [id(wire)]
  for (let k = 1; k < count; k++) parts.push(par(copy(wire), id(...new Array<Wire>(k - 1).fill(wire))))
  const [first, ...rest] = parts
  return seq(first!, ...rest)
}
