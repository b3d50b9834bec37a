import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { box, copy, finite, par, seq, state } from '../../../dsl/index.js'
import { disintegrate } from '../../../src/category/disintegration.js'
import { FinStoch } from '../../../src/category/fin-stoch.js'
import { interpret } from '../../../src/interpret.js'
import { disintegratedFeatures, disintegratedKernel } from '../../../src/language-model/disintegrated-kernel.js'
import { operatorSpectrum } from '../../../src/language-model/similarity.js'
import { kernelFeatures, similarityMatrix } from '../../../src/language-model/similarity-kernel.js'
import { matrix, matrixProduct, transpose } from '../../../src/linear-algebra/matrix.js'
import { symmetricEigen } from '../../../src/linear-algebra/symmetric-eigen.js'
import { valueOf } from '../../support/value-of.js'
import { difference } from '../linear-algebra/support.js'
import { goldenKernel, kernels, softmaxKernel } from './kernel-support.js'

const feature = ['bhattacharyya', 'linear', 'cca'] as const

describe('the disintegrated kernel', () => {
  test('E[P | h] is the composite of the encoder’s Bayesian inverse and k_data, as a diagram', () => {
    const Context = finite('Context', 3)
    const Hidden = finite('Hidden', 2)
    const Token = finite('Token', 3)
    const context = state('mu', [Context])
    const encoder = box('encoder', [Context], [Hidden], { deterministic: true })
    const kData = box('k_data', [Context], [Token])
    const meaning = interpret(FinStoch, {
      mu: [Array.from(goldenKernel.weights)],
      encoder: [
        [1, 0],
        [1, 0],
        [0, 1],
      ],
      k_data: [0, 1, 2].map((x) => Array.from(goldenKernel.next.subarray(3 * x, 3 * x + 3))),
    })
    // mu ; copy ; (encoder ⊗ k_data) is a joint state of Hidden and Token; its conditional is the law given h.
    const joint = valueOf(meaning(seq(context, copy(Context), par(encoder, kData))))
    const { marginal, conditional } = disintegrate(FinStoch)(joint, [2], [3])
    // And by Bayesian inversion of the encoder.
    const inverse = FinStoch.inverse(valueOf(meaning(context)), valueOf(meaning(encoder)))
    const composite = FinStoch.seq(inverse, valueOf(meaning(kData)))

    const merged = disintegratedFeatures(goldenKernel.next, goldenKernel.weights, Float64Array.of(5, 5, -1))
    expect(Array.from(merged.of)).toEqual([0, 0, 1])
    merged.masses.forEach((mass, h) => expect(mass).toBeCloseTo(marginal.entries[h]!, 15))
    merged.features.forEach((entry, index) => {
      expect(entry).toBeCloseTo(conditional.entries[index]!, 15)
      expect(entry).toBeCloseTo(composite.entries[index]!, 15)
    })
  })

  const cases = fc.tuple(kernels, fc.infiniteStream(fc.integer({ min: 0, max: 3 })))

  test('<E[phi | h], E[phi | h’]> is the double average of K, and positive semidefinite', () => {
    fc.assert(
      fc.property(cases, ([law, labels]) => {
        const hidden = law.weights.map(() => Number(labels.next().value))
        for (const kind of feature) {
          const features = valueOf(kernelFeatures({ kind }, law))
          const merged = disintegratedFeatures(features, law.weights, hidden)
          const count = merged.masses.length
          const phi = matrix(count, merged.features.length / count, merged.features)
          const products = matrixProduct(phi, transpose(phi))
          const averaged = disintegratedKernel(valueOf(similarityMatrix({ kind }, law)), law.weights, merged)
          const scale = 1 + Math.max(...products.entries)
          difference(products, averaged).entries.forEach((entry) => expect(Math.abs(entry)).toBeLessThan(1e-12 * scale))
          expect(symmetricEigen(averaged).values[count - 1]!).toBeGreaterThan(-1e-12 * scale)
        }
      }),
    )
  })

  test('its operator’s eigenvalues are at most those of K, one by one (interlacing)', () => {
    fc.assert(
      fc.property(cases, ([law, labels]) => {
        const hidden = law.weights.map(() => Number(labels.next().value))
        const merged = disintegratedFeatures(law.next, law.weights, hidden)
        const whole = operatorSpectrum(law, 'linear')
        const seen = operatorSpectrum({ ...law, weights: merged.masses, next: merged.features }, 'linear')
        seen.uncentred.forEach((value, index) =>
          expect(value).toBeLessThanOrEqual((whole.uncentred[index] ?? 0) + 1e-13),
        )
        seen.centred.forEach((value, index) => expect(value).toBeLessThanOrEqual((whole.centred[index] ?? 0) + 1e-13))
      }),
    )
  })

  test('an injective encoder: K~ is K, bit for bit', () => {
    const law = softmaxKernel(12, 4, 3, 'spread')
    const hidden = Float64Array.from({ length: 24 }, (_, index) => Math.sin(index))
    const features = valueOf(kernelFeatures({ kind: 'bhattacharyya' }, law))
    const merged = disintegratedFeatures(features, law.weights, hidden)
    expect(merged.features).toEqual(features)
    const k = valueOf(similarityMatrix({ kind: 'total-variation' }, law))
    expect(disintegratedKernel(k, law.weights, merged)).toEqual(k)
  })

  test('with X and X’ dependent across classes, the average need not be positive semidefinite', () => {
    // Both classes hold contexts a and b, equally likely; K(a, a) = K(b, b) = 1, K(a, b) = 0. Independent copies agree half of the
    // time, and so K~ = 1/2 everywhere. Coupled to agree between classes and independent within: [[1/2, 1], [1, 1/2]].
    const independent = matrix(2, 2, [0.5, 0.5, 0.5, 0.5])
    const coupled = matrix(2, 2, [0.5, 1, 1, 0.5])
    expect(symmetricEigen(independent).values[1]).toBeCloseTo(0, 15)
    expect(symmetricEigen(coupled).values[1]).toBeCloseTo(-0.5, 15)
    const law = { weights: new Float64Array(4).fill(0.25), hidden: Float64Array.of(0, 0, 1, 1) }
    const k = matrix(4, 4, [1, 0, 1, 0, 0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1])
    const { of, masses } = disintegratedFeatures(new Float64Array(4), law.weights, law.hidden)
    expect(disintegratedKernel(k, law.weights, { of, masses })).toEqual(independent)
  })
})
