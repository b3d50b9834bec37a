/**
 * Rewriting with equations between diagrams: an occurrence of the left side is replaced by the right side.
 *
 * The axioms of a Markov category need no equations: diagrams are matched and replaced in normal form. If the two sides have the same
 * meaning, so have the diagrams before and after, in every Markov category: the target is the left side in a context, up to the
 * axioms, and the result is the right side in the same context.
 *
 * Where a diagram can be read as a context in several ways, one is chosen: if several outputs of the left side are the same wire, the
 * places that read it are dealt to these outputs in turn, the rest to the last; if an input of the left side is also an output, what
 * reads the wire reads the output, unless the occurrence depends on it.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { dataOf } from './application.js'
import type { Diagram } from './diagram.js'
import { type Match, search } from './match.js'
import { type NormalForm, normalForm } from './normal-form.js'
import { sameWires, showWire, showWires, type Wires } from './object.js'
import { targetOf } from './occurrence.js'
import { patternOf } from './pattern.js'
import { problem, type Problem } from './problem.js'
import { replaceOne, replaceTogether, type Rule } from './replace.js'
import { unchecked } from './unchecked.js'
import { diagramOf, type Wiring } from './wiring.js'

/** Two diagrams of the same type that are held to be equal; rewriting goes from left to right. */
export interface Equation<In extends Wires = Wires, Out extends Wires = Wires> {
  readonly name: string
  readonly lhs: Diagram<In, Out>
  readonly rhs: Diagram<In, Out>
}

/**
 * An equation between two diagrams of the same type. Sides of different types do not compile, or throw if their wires are only known
 * at run time.
 *
 * @example
 * const A = finite('A', 2)
 * const e = box('e', [A], [A])
 * equation('e is idempotent', seq(e, e), e).name // => 'e is idempotent'
 */
export const equation = <In extends Wires, Out extends Wires>(
  name: string,
  lhs: Diagram<In, Out>,
  rhs: Diagram<NoInfer<In>, NoInfer<Out>>,
): Equation<In, Out> => {
  if (!sameWires(lhs.inputs, rhs.inputs) || !sameWires(lhs.outputs, rhs.outputs))
    throw new Error(
      `equation '${name}': the left side goes from ${showWires(lhs.inputs)} to ${showWires(lhs.outputs)}, the right side from ` +
        `${showWires(rhs.inputs)} to ${showWires(rhs.outputs)}; they must have the same wires`,
    )
  return unchecked({ name, lhs: dataOf(lhs), rhs: dataOf(rhs) })
}

/**
 * A diagram with one occurrence of the left side replaced by the right side: the first that `where` accepts, in the order of
 * `matches`. The result is in normal form.
 *
 * Errors: `invalid-value` if there is no such occurrence; `unsupported` for a left side without boxes, or one with an input that no
 * box of it reads and that the right side treats otherwise, so that any wire could stand for it.
 *
 * @example
 * const A = finite('A', 2)
 * const [f, g, h] = [box('f', [A], [A]), box('g', [A], [A]), box('h', [A], [A])]
 * const fusion = equation('f ; g = h', seq(f, g), h)
 * equal(toUnion(rewrite(seq(f, f, g), fusion)), seq(f, h)) // => true
 */
export const rewrite = <In extends Wires, Out extends Wires>(
  diagram: Diagram<In, Out>,
  rule: Equation,
  where: (match: Match, index: number) => boolean = () => true,
): Either<Problem, Diagram<In, Out>> => {
  const prepared = ruleOf(rule)
  if (isLeft(prepared)) return prepared
  const target = targetOf(normalForm(diagram))
  let chosen: Match | undefined
  let seen = 0
  search(target, prepared.right.pattern, (match) => {
    if (!where(match, seen++)) return 'next'
    chosen = match
    return 'stop'
  })
  if (chosen === undefined)
    return left(
      problem(
        'invalid-value',
        `rewrite with '${rule.name}'`,
        seen === 0
          ? 'the left side does not occur in the diagram'
          : `none of the ${seen} occurrences of the left side is accepted`,
        'look at the occurrences with matches(diagram, equation.lhs)',
      ),
    )
  return right(unchecked(diagramOf(settled(replaceOne(target, prepared.right, chosen)))))
}

export interface RewriteAllOptions {
  /** The largest number of replacements. */
  readonly limit?: number
}

/**
 * A diagram rewritten with one or several equations until no left side occurs any more; where several occur, the first equation goes
 * first. The result is in normal form; it depends on the order of the equations unless they are confluent.
 *
 * Errors: those of `rewrite`, but that nothing occurs is no error; `out-of-range` if the limit is reached, as it is when an equation
 * makes room for itself again and again.
 *
 * @example
 * const A = finite('A', 2)
 * const e = box('e', [A], [A])
 * equal(toUnion(rewriteAll(seq(e, e, e, e), equation('idempotent', seq(e, e), e))), e) // => true
 */
export const rewriteAll = <In extends Wires, Out extends Wires>(
  diagram: Diagram<In, Out>,
  equations: Equation | readonly Equation[],
  { limit = 100_000 }: RewriteAllOptions = {},
): Either<Problem, Diagram<In, Out>> => {
  const rules: Rule[] = []
  for (const each of 'lhs' in equations ? [equations] : equations) {
    const prepared = ruleOf(each)
    if (isLeft(prepared)) return prepared
    rules.push(prepared.right)
  }
  let form = normalForm(diagram)
  let steps = 0
  for (;;) {
    const round = firstRound(form, rules, limit - steps)
    if (round === undefined) return right(unchecked(diagramOf(form)))
    if (round.steps === 0)
      return left(
        problem(
          'out-of-range',
          'rewriteAll',
          `a left side still occurs after ${limit} steps`,
          'give a larger limit, or equations whose right sides do not lead back to left sides',
        ),
      )
    steps += round.steps
    form = settled(round.wiring)
  }
}

interface Round {
  readonly wiring: Wiring
  readonly steps: number
}

/** Occurrences of the first rule that has any, replaced together where they can be; undefined if there are none. */
const firstRound = (form: NormalForm, rules: readonly Rule[], limit: number): Round | undefined => {
  const target = targetOf(form)
  for (const rule of rules) {
    let first: Match | undefined
    let together: Match[] = []
    search(target, rule.pattern, (match) => {
      first ??= match
      if (together.length === limit || rule.redirected.includes(1)) return 'stop'
      together.push(match)
      return 'disjoint'
    })
    if (first === undefined) continue
    if (limit === 0) return { wiring: form, steps: 0 }
    // Occurrences that are convex one by one may depend on each other in a circle.
    for (; together.length > 1; together = together.slice(0, together.length >> 1)) {
      const wiring = replaceTogether(target, rule, together)
      if (wiring !== undefined) return { wiring, steps: together.length }
    }
    return { wiring: replaceOne(target, rule, first), steps: 1 }
  }
  return undefined
}

const settled = (wiring: Wiring): NormalForm => normalForm(diagramOf(wiring))

/** An equation ready for rewriting. */
const ruleOf = ({ name, lhs, rhs }: Equation): Either<Problem, Rule> => {
  const pattern = patternOf(lhs)
  if (isLeft(pattern)) return pattern
  const { form } = pattern.right.graph
  const result = normalForm(rhs)
  const redirected = new Uint8Array(form.inputCount)
  const read = new Uint8Array(form.inputCount)
  form.outputs.forEach((wire, output) => {
    const other = result.outputs[output]!
    if (wire === other) return
    if (wire < form.inputCount) redirected[wire] = 1
    if (other < form.inputCount) read[other] = 1
  })
  for (const { inputs } of result.boxes) for (const wire of inputs) if (wire < form.inputCount) read[wire] = 1
  for (let input = 0; input < form.inputCount; input++)
    if (pattern.right.readings[input] === 0 && (read[input] === 1 || redirected[input] === 1))
      return left(
        problem(
          'unsupported',
          `equation '${name}', input ${input}: ${showWire(lhs.inputs[input]!)}`,
          'no box of the left side reads it, so that any wire could stand for it, but the two sides treat it differently',
          'give a left side in which a box reads the input',
        ),
      )
  return right({ pattern: pattern.right, rhs: result, redirected })
}
