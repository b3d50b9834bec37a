/**
 * The functor from diagrams to a Markov category: a meaning for each box extends to a morphism for each diagram.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import type { Box, Diagram } from '../dsl/diagram.js'
import { fold, type Leaf } from '../dsl/fold.js'
import { showWires, type Wires } from '../dsl/object.js'
import { problem, type Problem } from '../dsl/problem.js'
import { diagramOf, type Opens, wiringOf } from '../dsl/wiring.js'
import type { MarkovCategory } from './category/markov-category.js'

/** A meaning for each box, by the box's name. */
export type Meanings<Meaning> = Readonly<Record<string, Meaning>>

/**
 * The morphism that a diagram denotes, brackets and all: the reference that every other evaluation is tested against.
 *
 * Errors: `missing-meaning` for a box without one, `invalid-value` for a meaning that the category does not read, `unsupported` for
 * a wire that it has no object for.
 *
 * @example
 * const Weather = finite('Weather', ['sun', 'rain'])
 * const Grass = finite('Grass', ['dry', 'wet'])
 * const grass = box('grass', [Weather], [Grass])
 * const meaning = interpret(FinStoch, { grass: [[0.9, 0.1], [0.2, 0.8]] })
 * isRight(meaning(seq(copy(Weather), par(id(Weather), grass)))) // => true
 */
export const interpret =
  <Obj, Mor, Meaning>(category: MarkovCategory<Obj, Mor, Meaning>, meanings: Meanings<Meaning>) =>
  (closed: Diagram): Either<Problem, Mor> => {
    // A box that contains a diagram and has no meaning of its own means what it contains.
    const diagram = openMeaningless(closed, meanings)
    const objectOf = (wires: Wires): Either<Problem, Obj> => {
      let object = category.unit
      for (const wire of wires) {
        const atom = category.objectOf(wire)
        if (isLeft(atom)) return atom
        object = category.tensor(object, atom.right)
      }
      return right(object)
    }
    const on = (wires: Wires, f: (object: Obj) => Mor): Either<Problem, Mor> => {
      const object = objectOf(wires)
      return isLeft(object) ? object : right(f(object.right))
    }
    const generator = (box: Box): Either<Problem, Mor> => {
      if (!Object.hasOwn(meanings, box.name)) return left(missingMeaning(box, Object.keys(meanings)))
      const domain = objectOf(box.inputs)
      if (isLeft(domain)) return domain
      const codomain = objectOf(box.outputs)
      if (isLeft(codomain)) return codomain
      const morphism = category.read(meanings[box.name]!, domain.right, codomain.right, `box '${box.name}'`)
      if (isLeft(morphism) || !box.deterministic || category.isDeterministic(morphism.right)) return morphism
      return left(
        problem(
          'invalid-value',
          `box '${box.name}'`,
          'the box is declared deterministic, but its meaning is not',
          'give a deterministic meaning, or drop the flag',
        ),
      )
    }
    const primitive = (node: Leaf): Either<Problem, Mor> => {
      switch (node.kind) {
        case 'box':
          return generator(node)
        case 'identity':
          return on(node.inputs, category.id)
        case 'copy':
          return on(node.inputs, category.copy)
        case 'discard':
          return on(node.inputs, category.discard)
        case 'permute':
          return permutation(category, node.inputs, node.order, objectOf)
      }
    }

    return fold<Either<Problem, Mor>>(diagram, {
      leaf: primitive,
      join: ({ kind }, before, part) => {
        if (before === undefined || isLeft(before)) return before ?? part
        return isLeft(part) ? part : right(category[kind](before.right, part.right))
      },
      empty: ({ inputs }) => on(inputs, category.id),
    })
  }

/** A diagram with the boxes opened that contain a diagram and have no meaning of their own. */
export const openMeaningless = (diagram: Diagram, meanings: Readonly<Record<string, unknown>>): Diagram => {
  const opens: Opens = ({ name }) => !Object.hasOwn(meanings, name)
  const needed = wiringOf(diagram).boxes.some(({ box }) => box.body !== undefined && opens(box, 0))
  return needed ? diagramOf(wiringOf(diagram, opens)) : diagram
}

/** The problem of a box that a record of meanings leaves out. */
export const missingMeaning = (box: Box, known: readonly string[]): Problem =>
  problem(
    'missing-meaning',
    `box '${box.name}' : ${showWires(box.inputs)} -> ${showWires(box.outputs)}`,
    'it has no meaning',
    known.length === 0 ? 'add one under its name' : `add one under its name; the given names are ${known.join(', ')}`,
  )

/** A permutation as a composite of adjacent swaps. */
const permutation = <Obj, Mor, Meaning>(
  category: MarkovCategory<Obj, Mor, Meaning>,
  wires: Wires,
  order: readonly number[],
  objectOf: (wires: Wires) => Either<Problem, Obj>,
): Either<Problem, Mor> => {
  const start = objectOf(wires)
  if (isLeft(start)) return start
  const atoms: Obj[] = []
  for (const wire of wires) {
    const atom = objectOf([wire])
    if (isLeft(atom)) return atom
    atoms.push(atom.right)
  }
  const all = (objects: readonly Obj[]): Obj => objects.reduce(category.tensor, category.unit)
  const current = wires.map((_, index) => index)
  let result = category.id(start.right)
  order.forEach((wanted, place) => {
    const from = current.indexOf(wanted)
    if (from === place) return
    // Bring the wanted wire over all the wires between its place and where it is, in one swap.
    const at = (indices: readonly number[]): Obj => all(indices.map((index) => atoms[index]!))
    const before = current.slice(0, place)
    const between = current.slice(place, from)
    const after = current.slice(from + 1)
    const step = category.par(
      category.par(category.id(at(before)), category.swap(at(between), at([wanted]))),
      category.id(at(after)),
    )
    result = category.seq(result, step)
    current.splice(from, 1)
    current.splice(place, 0, wanted)
  })
  return right(result)
}
