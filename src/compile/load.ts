/** The numbers of the tensors that do not come from steps. */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import type { NormalForm } from '../../dsl/normal-form.js'
import type { Wire } from '../../dsl/object.js'
import { problem, type Problem } from '../../dsl/problem.js'
import { type Given, likelihoodsOf } from './check-inputs.js'
import { checkMeaning, type NumericMeaning, numericMeaning, type NumericMeanings } from './meaning.js'
import { parameterEntries } from './parameters.js'
import type { Tensor } from './plan.js'
import { checkMeanings } from './plan-of.js'
import { sameShape } from './same-shape.js'

/** The meanings of one run. */
export interface CurrentMeanings {
  readonly meanings: ReadonlyMap<string, NumericMeaning>
  /** Of the varying boxes, for each member. */
  readonly members: readonly ReadonlyMap<string, NumericMeaning>[] | undefined
  /** Whether they are those that the diagram was compiled with. */
  readonly isCompiled: boolean
}

export interface Load {
  readonly entries: (tensor: Tensor) => ArrayLike<number>
  readonly floats: (tensor: Tensor) => Float32Array
  readonly isCompiled: boolean
}

/** The meanings of a run, each checked against its box and against the shape that it was compiled with. */
export const currentMeanings = (
  form: NormalForm,
  compiled: ReadonlyMap<string, NumericMeaning>,
  varying: ReadonlySet<string>,
  run: { readonly meanings?: NumericMeanings; readonly varying?: readonly NumericMeanings[] },
): Either<Problem, CurrentMeanings> => {
  const isCompiled = run.meanings === undefined
  if (isCompiled && run.varying === undefined) return right({ meanings: compiled, members: undefined, isCompiled })
  const boxes = new Map(form.boxes.map(({ box }) => [box.name, box]))
  const current = run.meanings === undefined ? right(compiled) : checkMeanings(form, run.meanings)
  if (isLeft(current)) return current
  if (run.meanings !== undefined)
    for (const [name, meaning] of current.right) {
      const fits = sameShape(boxes.get(name)!, compiled.get(name)!, meaning)
      if (isLeft(fits)) return fits
    }
  if (run.varying === undefined || varying.size === 0)
    return run.varying === undefined
      ? right({ meanings: current.right, members: undefined, isCompiled })
      : left(
          problem(
            'invalid-value',
            'varying',
            'no box varies',
            'compile with the names of the boxes that vary over the batch',
          ),
        )
  const members: ReadonlyMap<string, NumericMeaning>[] = []
  for (const [member, meanings] of run.varying.entries()) {
    const own = new Map<string, NumericMeaning>()
    const unknown = Object.keys(meanings).find((name) => !varying.has(name))
    if (unknown !== undefined)
      return left(
        problem(
          'unknown-name',
          `varying, member ${member}`,
          `'${unknown}' does not vary`,
          `give meanings of ${[...varying].map((name) => `'${name}'`).join(', ')}`,
        ),
      )
    for (const name of varying) {
      const box = boxes.get(name)!
      const meaning = Object.hasOwn(meanings, name) ? numericMeaning(meanings[name]!) : current.right.get(name)!
      const checked = checkMeaning(box, meaning)
      const fits = isLeft(checked) ? checked : sameShape(box, compiled.get(name)!, meaning)
      if (isLeft(fits)) return left({ ...fits.left, where: `${fits.left.where}, member ${member}` })
      own.set(name, meaning)
    }
    members.push(own)
  }
  return right({ meanings: current.right, members, isCompiled })
}

/** How the tensors of a plan for the members from one to another are filled. */
export const loadOf = (
  { meanings, members, isCompiled }: CurrentMeanings,
  { inputs, evidence }: Given,
  observed: readonly number[],
  observedWires: readonly Wire[],
  from: number,
  to: number,
  compiledFloats: Map<string, Float32Array>,
): Load => {
  const entries = ({ source }: Tensor): ArrayLike<number> => {
    switch (source.kind) {
      case 'input':
        return inputs[source.port]!
      case 'evidence': {
        const place = observed.indexOf(source.port)
        return likelihoodsOf(evidence[place]!, observedWires[place]!, to - from)
      }
      case 'parameter': {
        const { box, parameter, varying } = source
        const shared = (): ArrayLike<number> => parameterEntries(box, meanings.get(box.name)!, parameter)
        if (!varying) return shared()
        const each = Array.from({ length: to - from }, (_, member) =>
          members === undefined ? shared() : parameterEntries(box, members[from + member]!.get(box.name)!, parameter),
        )
        const width = each[0]!.length
        const all = new Float64Array(each.length * width)
        each.forEach((own, member) => all.set(Float64Array.from(own), member * width))
        return all
      }
      case 'one':
        return [1]
      case 'loop':
      case 'step':
        throw new Error(`compile: the result of a ${source.kind} is not loaded`)
    }
  }
  const floats = (tensor: Tensor): Float32Array => {
    const { source } = tensor
    if (source.kind !== 'parameter' || source.varying || !isCompiled) return floatsOf(entries(tensor))
    const key = `${source.parameter} ${source.box.name}`
    const known = compiledFloats.get(key) ?? floatsOf(entries(tensor))
    compiledFloats.set(key, known)
    return known
  }
  return { entries, floats, isCompiled }
}

/** The same numbers in float32. A loop is several times as fast as the constructor on a plain array of a few numbers. */
const floatsOf = (entries: ArrayLike<number>): Float32Array => {
  if (entries.length > 64) return new Float32Array(entries)
  const floats = new Float32Array(entries.length)
  for (let k = 0; k < entries.length; k++) floats[k] = entries[k]!
  return floats
}
