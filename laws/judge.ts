/**
 * Whether a claim holds, and its two sides as text.
 */
import { stringify } from 'fast-check'
import { type Either, isLeft, isRight, match as matchEither, tryCatch } from 'fp-ts/lib/Either.js'
import { match } from 'ts-pattern'

import { showProblem } from '../dsl/problem.js'
import type { Claim } from './claim.js'
import type { MarkovStructure } from '../src/category/markov-category.js'

export interface Judgement {
  /** 'idle': the hypothesis of the law does not hold, so the case says nothing. */
  readonly verdict: 'holds' | 'fails' | 'idle'
  /** Texts on demand: a law is judged a hundred times for every time that it is shown. */
  readonly left: () => string
  readonly right: () => string
}

/**
 * Judges a claim about a category; a side that throws is a claim that does not hold, unless throwing is what it claims. A hypothesis
 * that throws does not hold.
 */
export const judge = <Obj, Mor>(category: MarkovStructure<Obj, Mor>, claim: Claim<Obj, Mor>): Judgement => {
  const { show, equals, sameObject, validate } = category
  const sameObjects = (a: readonly Obj[], b: readonly Obj[]): boolean =>
    a.length === b.length && a.every((object, index) => sameObject(object, b[index]!))
  return match(claim)
    .with({ kind: 'equal' }, ({ left, right }) => compare(left, right, equals, show))
    .with({ kind: 'different' }, ({ left, right }) => compare(left, right, (f, g) => !equals(f, g), show))
    .with({ kind: 'same-objects' }, ({ left, right }) => compare(left, right, sameObjects, showObjects))
    .with({ kind: 'same-truth' }, ({ left, right }) => compare(left, right, (a, b) => a === b, String))
    .with({ kind: 'implies' }, ({ left, right }) => compare(left, right, (a, b) => !a || b, String))
    .with({ kind: 'valid' }, ({ morphism }) => {
      const value = attempt(morphism)
      const checked = isLeft(value) ? value : attempt(() => validate(value.right))
      const verdict = (): string =>
        isLeft(checked) ? checked.left : matchEither(showProblem, () => 'validate accepts it')(checked.right)
      return { ...decided(isRight(checked) && isRight(checked.right)), left: () => textOf(value, show), right: verdict }
    })
    .with({ kind: 'rejected' }, ({ morphism }) => {
      const value = attempt(morphism)
      return { ...decided(isLeft(value)), left: () => textOf(value, show), right: () => 'an error' }
    })
    .with({ kind: 'at-most' }, ({ left, right, budget }) =>
      compare(left, right, (a, b) => a <= b || a - b <= budget * Math.max(1, Math.abs(b)), String),
    )
    .with({ kind: 'provided' }, ({ hypothesis, claim }) => {
      const holds = attempt(hypothesis)
      return isRight(holds) && holds.right ? judge(category, claim) : idle
    })
    .exhaustive()
}

const decided = (holds: boolean): Pick<Judgement, 'verdict'> => ({ verdict: holds ? 'holds' : 'fails' })
const idle: Judgement = { verdict: 'idle', left: () => '', right: () => '' }

const compare = <A>(
  left: () => A,
  right: () => A,
  relation: (left: A, right: A) => boolean,
  show: (side: A) => string,
): Judgement => {
  const [a, b] = [attempt(left), attempt(right)]
  const related: Either<string, boolean> = isLeft(a) ? a : isLeft(b) ? b : attempt(() => relation(a.right, b.right))
  const note = isLeft(related) && isRight(a) && isRight(b) ? `\ncomparing them ${related.left}` : ''
  return {
    ...decided(isRight(related) && related.right),
    left: () => textOf(a, show),
    right: () => textOf(b, show) + note,
  }
}

const attempt = <A>(value: () => A): Either<string, A> =>
  tryCatch(value, (error) => `throws: ${error instanceof Error ? error.message : String(error)}`)

const textOf = <A>(value: Either<string, A>, show: (value: A) => string): string => {
  if (isLeft(value)) return value.left
  const text = attempt(() => show(value.right))
  return isLeft(text) ? stringify(value.right) : text.right
}

const showObjects = <Obj>(objects: readonly Obj[]): string => objects.map((object) => stringify(object)).join(', ')
