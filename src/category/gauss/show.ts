/**
 * Gaussian maps as text: one equation for each output coordinate, and the covariance of the noise.
 */
import { dimensionOf } from '../real-object.js'
import type { RealBoundary } from './affine.js'
import type { FlatParts } from './meaning.js'

/** A map whose numbers are already texts, '0' being zero and a leading '-' the sign. */
export const showGaussian = (
  { domain, codomain }: RealBoundary,
  { matrix, shift, covariance }: FlatParts<string>,
): string => {
  const [inputs, outputs] = [dimensionOf(domain), dimensionOf(codomain)]
  const noisy = covariance.some((entry) => entry !== '0')
  const lines = shift.map((constant, i) => {
    const coefficients = matrix.slice(i * inputs, (i + 1) * inputs)
    const terms = [...coefficients.map((factor, j) => term(factor, `x${j}`)), constant === '0' ? '' : constant]
    if (covariance.slice(i * outputs, (i + 1) * outputs).some((entry) => entry !== '0')) terms.push(`e${i}`)
    return `  y${i} = ${joined(terms.filter((text) => text !== ''))}`
  })
  const rows = shift.map((_, i) => `[${covariance.slice(i * outputs, (i + 1) * outputs).join(', ')}]`)
  const label = '  cov(e) = '
  const noise = noisy ? rows.map((row, i) => (i === 0 ? label : ' '.repeat(label.length)) + row) : []
  return [`[${domain.join(', ')}] -> [${codomain.join(', ')}]`, ...lines, ...noise].join('\n')
}

const term = (factor: string, variable: string): string =>
  factor === '0' ? '' : factor === '1' ? variable : factor === '-1' ? `-${variable}` : `${factor} ${variable}`

const joined = (terms: readonly string[]): string =>
  terms.length === 0
    ? '0'
    : terms.reduce((sum, next) => (next.startsWith('-') ? `${sum} - ${next.slice(1)}` : `${sum} + ${next}`))
