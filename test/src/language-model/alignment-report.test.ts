/** The report on alignment, the self-alignment trap, and what the theory says exactly and what it does not. */
import fc from 'fast-check'
import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import { conditionalEntropy } from '../../../src/language-model/nll-identities.js'
import { alignment } from '../../../src/language-model/alignment.js'
import { alignmentReport, type AlignmentReport, verdictOf } from '../../../src/language-model/alignment-report.js'
import { permutationNull } from '../../../src/language-model/null-band.js'
import {
  areOwnPredictions,
  lawOfData,
  lawOfProcess,
  lawOfTeacher,
  ownPredictions,
  type PredictiveLaw,
  type Provenance,
} from '../../../src/language-model/predictive-law.js'
import { selfAlignment } from '../../../src/language-model/self-alignment.js'
import { operatorSpectrum, predictiveSpectrum } from '../../../src/language-model/similarity.js'
import { spectralObjective } from '../../../src/language-model/spectral-objective.js'
import { evaluateSurrogate } from '../../../src/language-model/surrogate.js'
import { alignedDirections } from '../../../src/language-model/surrogate-given.js'
import { surrogateOptimum } from '../../../src/language-model/surrogate-optimum.js'
import { matrix, matrixProduct, transpose } from '../../../src/linear-algebra/matrix.js'
import { valueOf } from '../../support/value-of.js'
import { normalMatrix, seeds } from '../linear-algebra/support.js'
import { kernelOf, softmaxKernel } from './kernel-support.js'

/** log softmax(size W h + b), n x V. */
const logSoftmax = (hidden: Float64Array, n: number, width: number, seed: number, size: number): Float64Array => {
  const d = hidden.length / n
  const head = normalMatrix(width, d, seed).entries
  const bias = normalMatrix(width, 1, seed + 1).entries
  const logits = matrixProduct(matrix(n, d, hidden), transpose(matrix(width, d, head))).entries
  const result = logits.map((logit, index) => size * logit + bias[index % width]!)
  for (let x = 0; x < n; x++) {
    const row = result.subarray(x * width, (x + 1) * width)
    const total = Math.log(row.reduce((sum, logit) => sum + Math.exp(logit), 0))
    row.forEach((logit, w) => (row[w] = logit - total))
  }
  return result
}

describe('the self-alignment trap', () => {
  const [n, width, d] = [80, 8, 3]
  const data = softmaxKernel(n, width, 4, 'spread')
  const hidden = normalMatrix(n, d, 5).entries

  test('an untrained network with a small head: overlap 1.000 with its own predictions, chance with the data', () => {
    const own = ownPredictions('untrained', data.weights, logSoftmax(hidden, n, width, 6, 1e-3))
    for (const kind of ['bhattacharyya', 'linear', 'cca'] as const) {
      const result = valueOf(selfAlignment(hidden, data.weights, valueOf(predictiveSpectrum(own, { kind }))))
      expect(result.kind).toBe('self-alignment')
      expect(result.scores.overlap).toBeGreaterThan(0.99999)
      expect(result.statement).toContain('no finding')
      expect(Object.keys(result)).not.toContain('verdict')
    }
    // Larger heads are less linear: the score falls without the model knowing anything more.
    const large = ownPredictions('untrained', data.weights, logSoftmax(hidden, n, width, 6, 2))
    const fallen = valueOf(
      selfAlignment(hidden, data.weights, valueOf(predictiveSpectrum(large, { kind: 'bhattacharyya' }))),
    )
    expect(fallen.scores.overlap).toBeLessThan(0.9)
    expect(fallen.scores.overlap).toBeGreaterThan(0.3)
    const honest = valueOf(alignment(hidden, data.weights, operatorSpectrum(data, 'bhattacharyya')))
    expect(honest.kind).toBe('alignment')
    expect(honest.overlap).toBeLessThan(0.25)
  })

  test('run time: what types refuse is refused without types too', () => {
    const own = ownPredictions('model', data.weights, logSoftmax(hidden, n, width, 6, 1e-3))
    const spectrum = valueOf(predictiveSpectrum(own, { kind: 'linear' }))
    const untyped: { readonly score: (...inputs: readonly unknown[]) => unknown } = {
      score: (...inputs) => Reflect.apply(alignment, undefined, inputs),
    }
    expect(untyped.score(hidden, data.weights, spectrum)).toMatchObject({
      left: { kind: 'invalid-value', what: 'the operator is made from the model’s own predictions' },
    })
    const reverse = (...inputs: readonly unknown[]): unknown => Reflect.apply(selfAlignment, undefined, inputs)
    expect(reverse(hidden, data.weights, operatorSpectrum(data, 'linear'))).toMatchObject({
      left: { kind: 'invalid-value' },
    })
  })

  test('the report knows the model’s predictions under any name', () => {
    const predictions = logSoftmax(hidden, n, width, 6, 0.01)
    const states = { trained: hidden, untrained: hidden, shuffled: hidden }
    const declared = ownPredictions('model', data.weights, predictions)
    const disguised = lawOfTeacher('a teacher', data.weights, declared.next)
    const reportOn = (law: PredictiveLaw<Provenance>) =>
      valueOf(alignmentReport({ law, states, predictions, seed: 1, draws: 10 }))
    const [first, second] = [reportOn(declared), reportOn(disguised)]
    expect(first).toMatchObject({ kind: 'self-alignment', because: 'declared' })
    expect(second).toMatchObject({ kind: 'self-alignment', because: 'recognised', law: 'a teacher' })
    for (const report of [first, second]) {
      expect(JSON.stringify(report)).not.toContain('verdict')
      if (report.kind !== 'self-alignment') throw new Error('this is a self-alignment')
      expect(report.scores.map(({ similarity }) => similarity)).toEqual(['bhattacharyya', 'linear', 'cca'])
      report.scores.forEach(({ scores }) => expect(scores.overlap).toBeGreaterThan(0.999))
    }
    expect(areOwnPredictions(lawOfData(data), predictions)).toBe(false)
    expect(reportOn(lawOfData(data)).kind).toBe('alignment')
    expect(reportOn(lawOfProcess(data))).toMatchObject({ kind: 'alignment', provenance: 'process' })
  })
})

describe('the report on a law', () => {
  const [n, width, d] = [60, 7, 3]
  const data = softmaxKernel(n, width, 4, 'spread')
  const law = lawOfData(data)
  const optimum = valueOf(surrogateOptimum(law, d, 'calibrated'))
  const noise = normalMatrix(n, d, 8).entries
  const trained = optimum.hidden.map((entry, index) => entry + 0.2 * noise[index]!)
  const predictions = logSoftmax(trained, n, width, 3, 1)
  const report = (
    states: Float64Array,
    kernels?: Parameters<typeof alignmentReport>[0]['kernels'],
  ): AlignmentReport => {
    const result = valueOf(
      alignmentReport({
        law,
        states: { trained: states, untrained: noise, shuffled: normalMatrix(n, d, 9).entries },
        predictions,
        seed: 2,
        draws: 60,
        ...(kernels === undefined ? {} : { kernels }),
      }),
    )
    if (result.kind !== 'alignment') throw new Error('this is an alignment')
    return result
  }

  test('states near the optimum stand above chance and both baselines; noise does not', () => {
    const good = report(trained)
    expect(good.kernels.map(({ similarity }) => similarity)).toEqual(['bhattacharyya', 'linear', 'cca'])
    for (const kernel of good.kernels) {
      expect(kernel.captured.verdict).toBe('above chance and both baselines')
      expect(kernel.captured.figure.kind).toBe('measurement')
      expect(kernel.captured.figure.null.draws).toBe(60)
      expect(Object.keys(kernel.captured.figure.baselines)).toEqual(['untrained', 'shuffled targets'])
      expect(
        [kernel.captured, kernel.overlap, kernel.linearCka, kernel.procrustes, kernel.rayleigh].map((s) => s.invariant),
      ).toEqual([true, true, false, false, false])
      expect(kernel.principalAngles.length).toBe(3)
    }
    expect(good.kernels[2]!.overlap.figure.value).toBeGreaterThan(0.8)
    expect(good.pillai.verdict).toBe('above chance and both baselines')
    const bad = report(normalMatrix(n, d, 77).entries)
    expect(bad.kernels[0]!.overlap.verdict).not.toBe('above chance and both baselines')
  })

  test('an invertible map of the states leaves the invariant scores and moves the others', () => {
    const map = matrix(3, 3, [3, 1, 0, 0, 0.1, 0, 1, 0, 1])
    const mapped = matrixProduct(matrix(n, d, trained), map).entries
    const [before, after] = [report(trained), report(mapped)]
    before.kernels.forEach((kernel, index) => {
      const other = after.kernels[index]!
      expect(other.captured.figure.value).toBeCloseTo(kernel.captured.figure.value, 10)
      expect(other.overlap.figure.value).toBeCloseTo(kernel.overlap.figure.value, 10)
      expect(Math.abs(other.linearCka.figure.value - kernel.linearCka.figure.value)).toBeGreaterThan(0.01)
      expect(Math.abs(other.rayleigh.figure.value - kernel.rayleigh.figure.value)).toBeGreaterThan(0.01)
    })
    expect(after.pillai.figure.value).toBeCloseTo(before.pillai.figure.value, 10)
  })

  test('kernels of other kinds are taken too; the seed decides all of it', () => {
    const kernels = [{ kind: 'total-variation' }, { kind: 'log-ratio' }] as const
    const result = report(trained, kernels)
    expect(result.kernels.map(({ similarity }) => similarity)).toEqual(['total-variation', 'log-ratio'])
    expect(report(trained, kernels)).toEqual(result)
    const constant = alignmentReport({
      law,
      states: { trained: new Float64Array(n * d), untrained: noise, shuffled: noise },
      predictions,
      seed: 2,
      draws: 5,
    })
    expect(isLeft(constant)).toBe(true)
  })

  test('verdicts', () => {
    const band = { mean: 0.2, lower: 0.1, upper: 0.3, draws: 100 }
    const verdict = (value: number, untrained: number) =>
      verdictOf({ kind: 'measurement', value, unit: '1', statement: '', null: band, baselines: { untrained } })
    expect([verdict(0.05, 0), verdict(0.3, 0), verdict(0.4, 0.1), verdict(0.4, 0.5), verdict(0.4, 0.4)]).toEqual([
      'below chance',
      'within chance',
      'above chance and both baselines',
      'above chance, not above both baselines',
      'above chance, not above both baselines',
    ])
  })
})

describe('permutationNull', () => {
  test('the mean over all orders of three, by hand, and weights stay at their contexts', () => {
    const weights = Float64Array.of(0.5, 0.3, 0.2)
    const statistic = (hidden: Float64Array): number => weights.reduce((sum, mu, x) => sum + mu * hidden[x]!, 0)
    const [band] = permutationNull(Float64Array.of(0, 3, 6), 3, [statistic], { seed: 4, draws: 4000 })
    // Each context sees each state equally often: the mean is 3; the ends are the sorted and the reversed order.
    expect(Math.abs(band!.mean - 3)).toBeLessThan(0.05)
    expect(band!.lower).toBeCloseTo(0.3 * 3 + 0.2 * 6, 12)
    expect(band!.upper).toBeCloseTo(0.5 * 6 + 0.3 * 3, 12)
    expect(permutationNull(Float64Array.of(0, 3, 6), 3, [statistic], { seed: 4, draws: 4000 })).toEqual([band])
    expect(() => permutationNull(Float64Array.of(1), 1, [], { seed: 1, draws: 0 })).toThrow('at least one draw')
  })
})

describe('what is exact for the likelihood itself', () => {
  const cases = fc.tuple(
    fc.integer({ min: 10, max: 40 }),
    fc.integer({ min: 4, max: 7 }),
    fc.integer({ min: 1, max: 3 }),
    seeds,
  )

  test('realizable: the states span the log-ratio space, overlap 1 to 1e-8; other kernels come close only', () => {
    fc.assert(
      fc.property(cases, ([n, width, d, seed]) => {
        const hidden = normalMatrix(n, d, seed).entries
        const weights = softmaxKernel(n, width, seed + 1, 'spread').weights
        const law = lawOfTeacher('realizable', weights, logSoftmax(hidden, n, width, seed + 2, 1).map(Math.exp))
        const spectrum = valueOf(predictiveSpectrum(law, { kind: 'log-ratio' }))
        expect(spectrum.rank).toBe(d)
        const result = valueOf(alignment(hidden, weights, spectrum))
        expect(1 - result.overlap).toBeLessThan(1e-8)
        expect(1 - result.captured).toBeLessThan(1e-8)
      }),
    )
    const [n, width, d] = [60, 6, 2]
    const hidden = normalMatrix(n, d, 1).entries
    const law = lawOfTeacher(
      'realizable',
      new Float64Array(n).fill(1 / n),
      logSoftmax(hidden, n, width, 5, 1).map(Math.exp),
    )
    for (const kind of ['bhattacharyya', 'linear', 'cca'] as const) {
      const { overlap } = valueOf(alignment(hidden, law.weights, valueOf(predictiveSpectrum(law, { kind }))))
      expect(overlap).toBeGreaterThan(0.75)
      expect(overlap).toBeLessThan(0.995)
    }
  })

  test('where the head has a smaller rank than the states, they only contain the log-ratio space', () => {
    const [n, width] = [40, 5]
    const hidden = normalMatrix(n, 2, 1).entries
    // The head reads the first coordinate alone.
    const first = hidden.filter((_, index) => index % 2 === 0)
    const law = lawOfTeacher(
      'rank one',
      new Float64Array(n).fill(1 / n),
      logSoftmax(first, n, width, 5, 1).map(Math.exp),
    )
    const spectrum = valueOf(predictiveSpectrum(law, { kind: 'log-ratio' }))
    expect(spectrum.rank).toBe(1)
    const contained = valueOf(alignment(hidden, law.weights, spectrum))
    expect(contained.overlap).toBeCloseTo(1, 10)
    expect([contained.eigenvectors, contained.directions]).toEqual([1, 2])
    // Not the other way round: in two directions at once, the second of the states is nowhere in the operator.
    expect(contained.principalAngles.length).toBe(1)
  })

  test('weak dependence: all kernels have one leading eigenspace', () => {
    const [n, width, d] = [60, 6, 2]
    const hidden = normalMatrix(n, d, 1).entries
    const off = [1, 0.1, 0.01].map((size) => {
      const law = lawOfTeacher(
        'weak',
        new Float64Array(n).fill(1 / n),
        logSoftmax(hidden, n, width, 5, size).map(Math.exp),
      )
      return Math.max(
        ...(['bhattacharyya', 'linear', 'cca'] as const).map((kind) => {
          const { overlap } = valueOf(alignment(hidden, law.weights, valueOf(predictiveSpectrum(law, { kind }))))
          return 1 - overlap
        }),
      )
    })
    expect(off[0]!).toBeGreaterThan(0.01)
    expect(off[1]!).toBeLessThan(off[0]! / 20)
    expect(off[2]!).toBeLessThan(1e-4)
  })
})

describe('Theorem 7.6 of the second version is not a theorem', () => {
  test('J(h) = J(-h) = max, while the likelihood of -h under the same head is far worse than predicting u', () => {
    const [n, width, d] = [40, 6, 2]
    const kernel = softmaxKernel(n, width, 21, 'uniform')
    const law = lawOfData(kernel)
    const { hidden } = valueOf(surrogateOptimum(law, d, 'bohning'))
    const mean = Array.from({ length: width }, (_, w) =>
      kernel.weights.reduce((sum, mu, x) => sum + mu * kernel.next[x * width + w]!, 0),
    )
    const centred = kernel.next.map((probability, index) => probability - mean[index % width]!)
    const flipped = hidden.map((entry) => -entry)
    const objective = spectralObjective(centred, kernel.weights, hidden)
    expect(spectralObjective(centred, kernel.weights, flipped)).toBe(objective)
    // White states: at most the sum of the d leading eigenvalues of the centred linear kernel, attained here.
    const { centred: eigenvalues } = operatorSpectrum(kernel, 'linear')
    expect(objective).toBeCloseTo(eigenvalues[0]! + eigenvalues[1]!, 13)

    // The head that fits h by the surrogate: the likelihood of -h under it.
    const { head, hidden: states } = valueOf(alignedDirections(law, hidden, 'calibrated'))
    const at = (h: Float64Array) => evaluateSurrogate(law, h, head, { kind: 'taylor' })
    const [right, wrong] = [at(states), at(states.map((entry) => -entry))]
    expect(right.nll).toBeGreaterThan(conditionalEntropy(kernel))
    expect([right.nll, wrong.nll, right.constant].map((value) => Number(value.toFixed(4)))).toEqual([
      1.6438, 2.0194, 1.7795,
    ])
  })

  test('the states of least NLL, head and bias free too, do not maximise J over white states', () => {
    const [n, width, d] = [40, 6, 2]
    const kernel = softmaxKernel(n, width, 21, 'uniform')
    const law = lawOfData(kernel)
    const start = valueOf(surrogateOptimum(law, d, 'calibrated'))
    const spectrum = operatorSpectrum(kernel, 'linear')
    const [hidden, head, bias] = [start.hidden.slice(), start.head.slice(), new Float64Array(width)]
    const logU = Float64Array.from({ length: width }, (_, w) =>
      Math.log(kernel.weights.reduce((sum, mu, x) => sum + mu * kernel.next[x * width + w]!, 0)),
    )
    const step = (rate: number): { readonly nll: number; readonly slope: number } => {
      let [nll, slope] = [0, 0]
      const [toHidden, toHead, toBias] = [new Float64Array(n * d), new Float64Array(width * d), new Float64Array(width)]
      for (let x = 0; x < n; x++) {
        const logits = logU.map((log, w) => {
          let logit = log + bias[w]!
          for (let j = 0; j < d; j++) logit += head[w * d + j]! * hidden[x * d + j]!
          return logit
        })
        const total = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0))
        for (let w = 0; w < width; w++) {
          const p = kernel.next[x * width + w]!
          nll -= (p * (logits[w]! - total)) / n
          const error = Math.exp(logits[w]! - total) - p
          toBias[w]! += error / n
          for (let j = 0; j < d; j++) {
            toHead[w * d + j]! += (error * hidden[x * d + j]!) / n
            // A step for each context of its own size: its weight is left out.
            toHidden[x * d + j]! += error * head[w * d + j]!
          }
        }
      }
      for (const [values, gradient] of [
        [hidden, toHidden],
        [head, toHead],
        [bias, toBias],
      ] as const)
        gradient.forEach((entry, index) => {
          values[index]! -= rate * entry
          slope = Math.max(slope, Math.abs(entry))
        })
      return { nll, slope }
    }
    const first = step(0)
    let last = first
    for (let round = 0; round < 6000; round++) last = step(0.3)
    expect(last.slope).toBeLessThan(1e-3)
    expect(last.nll).toBeLessThan(first.nll - 0.01)
    expect(last.nll).toBeGreaterThan(conditionalEntropy(kernel))
    // J of the whitened states over its maximum is the captured fraction.
    const captured = valueOf(alignment(hidden, kernel.weights, spectrum)).captured
    expect([first.nll, last.nll, captured].map((value) => Number(value.toFixed(4)))).toEqual([1.6403, 1.5901, 0.9392])
  })

  test('"the top-d eigenspace" is vacuous for K = <gbar, gbar’>: its rank is at most d, and it can be negative', () => {
    const [n, width, d] = [40, 6, 2]
    const kernel = softmaxKernel(n, width, 21, 'uniform')
    const head = normalMatrix(width, d, 3)
    const prototypes = matrixProduct(matrix(n, width, kernel.next), head)
    const products = matrixProduct(prototypes, transpose(prototypes)).entries
    expect(Math.min(...products)).toBeLessThan(-0.01)
    // As features of a linear kernel: two eigenvalues, and no third.
    const law = kernelOf(kernel.weights, prototypes.entries)
    expect(operatorSpectrum(law, 'linear').centred.length).toBe(d)
  })
})
