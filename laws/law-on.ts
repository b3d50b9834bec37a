/**
 * A law about morphisms of a category and about something else besides: a functor, a divergence, a way to draw samples.
 */
import type * as fc from 'fast-check'

import type { MarkovStructure } from '../src/category/markov-category.js'
import { type Arbitraries, arbitraryValues } from './arbitraries/arbitraries.js'
import { type BindingText, bindingTexts } from './binding-text.js'
import type { Claim } from './claim.js'
import { judge } from './judge.js'
import type { LawDescription } from './law.js'
import type { LawAbout } from './law-set.js'
import { type Bindings, bindingsOf, type Variables } from './variable.js'

/** What a law about a subject S is about: the category that its variables live in, and the one that its claims are judged in. */
export interface Setting<Subject, ObjA, MorA, ObjB, MorB> {
  /** The name that failures are reported under. */
  readonly name: string
  readonly subjects: fc.Arbitrary<Subject>
  readonly source: (subject: Subject) => MarkovStructure<ObjA, MorA>
  readonly target: (subject: Subject) => MarkovStructure<ObjB, MorB>
  readonly arbitraries: Arbitraries<ObjA, MorA>
  /** The subject as it is shown in a counterexample, if it is shown. */
  readonly show?: (subject: Subject) => readonly BindingText[]
}

export interface SubjectLaw<Subject, V extends Variables, ObjA, MorA, ObjB, MorB> {
  readonly name: string
  readonly group: string
  readonly statement: string
  readonly quantifier?: LawDescription['quantifier']
  readonly where: V
  readonly claim: (subject: Subject, bindings: Bindings<V, ObjA, MorA>) => Claim<ObjB, MorB>
}

/** A law in a setting, on random cases. */
export const lawOn =
  <Subject, ObjA, MorA, ObjB, MorB>(setting: Setting<Subject, ObjA, MorA, ObjB, MorB>) =>
  <const V extends Variables>(law: SubjectLaw<Subject, V, ObjA, MorA, ObjB, MorB>): LawAbout => ({
    law: {
      name: law.name,
      group: law.group,
      statement: law.statement,
      quantifier: law.quantifier ?? 'every',
      diagrams: undefined,
    },
    category: setting.name,
    cases: setting.subjects.chain((subject) =>
      arbitraryValues(law.where, setting.source(subject), setting.arbitraries).map((values) => ({
        judgement: () => judge(setting.target(subject), law.claim(subject, bindingsOf<V, ObjA, MorA>(values))),
        bindings: () => [
          ...(setting.show?.(subject) ?? []),
          ...bindingTexts(law.where, values, setting.source(subject)),
        ],
      })),
    ),
  })
