/**
 * Samplers: what can be drawn from, with finite sets, sequences and real vector spaces as objects.
 *
 * A morphism is a diagram whose boxes carry what they sample, up to the equality of diagrams: the free Markov category on those boxes.
 * `sample` draws from it. The random numbers of a box are those of its place in the normal form, so that equal morphisms give the same
 * draws to the last bit: brackets, the order of independent boxes, boxes that nothing reads and deterministic boxes that are computed
 * twice leave no trace.
 *
 * There are no conditionals: `rejectionSample` and `importanceSample` draw from a conditional law, and are no morphisms.
 *
 * Source: T. Fritz and W. Liang, "Free gs-monoidal categories and free Markov categories" (2023).
 */
import { type Either, left, map, right } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'

import { problem, type Problem } from '../../dsl/problem.js'
import { copy, discard, id, par, seq, swap } from '../../dsl/diagram.js'
import { equal } from '../../dsl/normal-form.js'
import { sameWires, showWires, type Wires } from '../../dsl/object.js'
import { wiringOf } from '../../dsl/wiring.js'
import { freeMarkov } from './free-markov.js'
import type { MarkovCategory } from './markov-category.js'
import { checkMeaning, wireProblem } from './sampler/check-meaning.js'
import { type SamplerMeaning, writtenMeaning } from './sampler/meaning.js'
import { formOf, isSamplerBox, requireOneFunctionAName, samplerBox, type SamplerMorphism } from './sampler/morphism.js'

const validate = (f: SamplerMorphism): Either<Problem, SamplerMorphism> => {
  const { wires, boxes } = wiringOf(f.diagram)
  const unfit = wires.map(wireProblem).find((found) => found !== undefined)
  if (unfit !== undefined) return left(unfit)
  for (const box of new Set(boxes.map((wired) => wired.box))) {
    const where = `box '${box.name}' : ${showWires(box.inputs)} -> ${showWires(box.outputs)}`
    if (!isSamplerBox(box))
      return left(problem('missing-meaning', where, 'it carries nothing to sample', 'make it with Sampler.read'))
    const checked = checkMeaning(writtenMeaning(box.meaning), box.inputs, box.outputs, where)
    if (checked._tag === 'Left') return checked
    const { label, deterministic } = checked.right
    if (label !== box.name || deterministic !== box.deterministic)
      return left(
        problem(
          'invalid-value',
          where,
          `what it carries is ${label}${deterministic ? ', deterministic' : ''}`,
          'make it with Sampler.read',
        ),
      )
  }
  return right(f)
}

/**
 * Diagrams that can be drawn from. It satisfies every law of Markov categories, exactly.
 *
 * @example
 * const Coin = finite('Coin', ['heads', 'tails'])
 * const flip = toUnion(Sampler.read([[0.5, 0.5]], [], [Coin], 'flip'))
 * Sampler.equals(Sampler.seq(flip, Sampler.discard([Coin])), Sampler.id([])) // => true
 * Sampler.equals(Sampler.seq(flip, Sampler.copy([Coin])), Sampler.par(flip, flip)) // => false
 */
export const Sampler: MarkovCategory<Wires, SamplerMorphism, SamplerMeaning> = {
  name: 'sampler',
  equality: 'exact: the normal forms of the diagrams are the same; finer than equality in law',
  unit: [],
  tensor: (a, b) => [...a, ...b],
  sameObject: sameWires,
  objectOf: (wire) => pipe(wireProblem(wire), (unfit) => (unfit === undefined ? right([wire]) : left(unfit))),
  domain: (f) => f.diagram.inputs,
  codomain: (f) => f.diagram.outputs,
  id: (a) => ({ diagram: id(...a) }),
  seq: (f, g) => ({ diagram: seq(f.diagram, g.diagram) }),
  par: (f, g) => ({ diagram: par(f.diagram, g.diagram) }),
  swap: (a, b) => ({ diagram: swap(a, b) }),
  copy: (a) => ({ diagram: copy(...a) }),
  discard: (a) => ({ diagram: discard(...a) }),
  // A box that an output depends on has to be copied; only a deterministic one is the same as its copies.
  isDeterministic: (f) => formOf(f).boxes.every(({ box }) => box.deterministic),
  equals: (f, g) => {
    requireOneFunctionAName(f.diagram, g.diagram)
    return equal(f.diagram, g.diagram)
  },
  validate,
  read: (meaning, domain, codomain, where) =>
    pipe(
      checkMeaning(meaning, domain, codomain, where),
      map((checked) => ({ diagram: samplerBox(checked, domain, codomain) })),
    ),
  show: (f) => freeMarkov.show(f.diagram),
}
