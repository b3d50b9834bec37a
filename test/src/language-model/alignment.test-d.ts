/** Which operators the compiler lets be scored as a finding. */
import { describe, expectTypeOf, test } from 'vitest'

import { alignment } from '../../../src/language-model/alignment.js'
import type { InvariantScore, KernelAlignment } from '../../../src/language-model/alignment-report.js'
import type { BasisDependentScore } from '../../../src/language-model/basis-dependent-scores.js'
import { lawOfTeacher, ownPredictions, type PredictiveLaw } from '../../../src/language-model/predictive-law.js'
import { type SelfAlignment, selfAlignment } from '../../../src/language-model/self-alignment.js'
import { type OperatorSpectrum, predictiveSpectrum } from '../../../src/language-model/similarity.js'

const [weights, rows] = [Float64Array.of(1), Float64Array.of(1)]
const teacher = predictiveSpectrum(lawOfTeacher('teacher', weights, rows), { kind: 'linear' })
const own = predictiveSpectrum(ownPredictions('model', weights, rows), { kind: 'linear' })

describe('self-alignment', () => {
  test('the provenance of a law is in the type of its operator', () => {
    if (teacher._tag === 'Right') {
      expectTypeOf(teacher.right.provenance).toEqualTypeOf<'teacher'>()
      expectTypeOf(alignment).toBeCallableWith(rows, weights, teacher.right)
      // @ts-expect-error this operator is a finding's, not the model's own
      selfAlignment(rows, weights, teacher.right)
    }
    if (own._tag === 'Right') {
      expectTypeOf(own.right.provenance).toEqualTypeOf<'own-predictions'>()
      expectTypeOf(selfAlignment).toBeCallableWith(rows, weights, own.right)
      // @ts-expect-error the model's own predictions are no operator to align with
      alignment(rows, weights, own.right)
    }
  })

  test('own predictions are no law of the data, and their scores no alignment', () => {
    expectTypeOf<PredictiveLaw<'own-predictions'>>().not.toExtend<PredictiveLaw>()
    expectTypeOf<OperatorSpectrum<'linear', 'own-predictions'>>().not.toExtend<OperatorSpectrum>()
    expectTypeOf<SelfAlignment>().not.toHaveProperty('overlap')
  })

  test('whether a score is invariant is in its type', () => {
    expectTypeOf<KernelAlignment['overlap']>().toEqualTypeOf<InvariantScore>()
    expectTypeOf<KernelAlignment['linearCka']['invariant']>().toEqualTypeOf<false>()
    expectTypeOf<BasisDependentScore['invariant']>().toEqualTypeOf<false>()
  })
})
