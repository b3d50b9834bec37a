/**
 * The ridge optima of a table, and the optimum of the surrogate beside them: what the likelihood is near where it is held back.
 */
import { lawOfData } from '../../src/language-model/predictive-law.js'
import { surrogateOptimum } from '../../src/language-model/surrogate-optimum.js'
import { ridgeOptimum } from './curve.js'
import type { Finding, FindingSettings } from './findings.js'
import { spread } from './print.js'
import { referenceRidge } from './reference.js'
import { tableOf } from './rows.js'
import { scorer } from './scores.js'
import { spreadOf } from './shape.js'
import { letters, orThrow } from './texts.js'

const shortened = (value: number): string => value.toFixed(3)

/** Stationary points of NLL + ridge / 2 (|W|^2 + E |h|^2) for letters, one before, d = 4; the best of each seed's is the seed's. */
export const ridgeTable = ({ text, seeds, steps = 4000, onProgress }: FindingSettings): Promise<Finding> => {
  const kernel = letters(text, 1)
  const table = tableOf(kernel, 4)
  const { of } = scorer(kernel, ['overlap, Bhattacharyya', 'captured, Bhattacharyya', 'CKA, Bhattacharyya'])
  const rows = referenceRidge.map(({ ridge, overlap, captured, cka }) => {
    const optima = Array.from({ length: seeds }, (_, index) => {
      onProgress(`ridge ${ridge}, seed ${index + 1}`)
      return ridgeOptimum(table, kernel, ridge, index + 1, steps)
    })
    const scores = optima.map(({ point }) => of(point.hidden))
    const column = (place: number): string => spread(spreadOf(scores.map((score) => score[place]!)))
    const worst = Math.max(
      ...optima.flatMap(({ point, headSquares, stateSquares }) => [
        Math.abs(point.overconfidence + ridge * headSquares),
        Math.abs(point.overconfidence + ridge * stateSquares),
      ]),
    )
    return [
      `ridge ${ridge}`,
      [overlap, captured, cka].map(shortened).join(', '),
      ...[0, 1, 2].map(column),
      spread(spreadOf(optima.map(({ point }) => point.divergence)), 4),
      spread(spreadOf(optima.map(({ point }) => point.overconfidence)), 6),
      worst.toExponential(1),
      Math.max(...optima.map(({ minimum }) => minimum.gradientNorm)).toExponential(1),
    ]
  })
  const surrogates = (['bohning', 'taylor', 'calibrated'] as const).map((name) => {
    const { hidden } = orThrow(surrogateOptimum(lawOfData(kernel), 4, name))
    return [`surrogate’s optimum, ${name}`, '-', ...of(hidden).map(shortened), '-', '-', '-', '-']
  })
  return Promise.resolve({
    title:
      'Ridge. NLL + ridge/2 (|W|^2 + E |h|^2), letters, one before, table d = 4, by L-BFGS. At a stationary point ' +
      'NLL - Hbar = -ridge |W|^2 = -ridge E |h|^2 (identity)',
    head: ['', 'math.md', 'overlap', 'captured', 'CKA', 'KL', 'NLL - Hbar', 'worst residual', 'gradient'],
    rows: [...rows, ...surrogates],
  })
}
