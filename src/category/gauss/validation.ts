/**
 * What makes three flat arrays a Gaussian map in float64, and how one is read.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../../dsl/problem.js'
import { dimensionOf, type RealObject } from '../real-object.js'
import { type GaussianMap, type GaussianMeaning, partsOf } from './gaussian-map.js'
import { noCovariance, readParts } from './meaning.js'
import { given, type Measured } from './measured.js'
import { factorOf, gaussEqualityBudget, gaussRankTolerance, variancesOf } from './regression.js'

/** How problems name a map that has no name of its own. */
export const where = 'Gaussian map'

export const finiteNumber = (entry: number, place: string): Either<Problem, number> =>
  Number.isFinite(entry)
    ? right(entry)
    : left(problem('invalid-value', place, `${entry} is no finite number`, 'give finite numbers'))

const checkCovariance = (covariance: Measured, place: string): Problem | undefined => {
  const n = covariance.rows
  const deviations = variancesOf(covariance).map(Math.sqrt)
  /** Whether a number is no covariance of two coordinates but the rounding of zero; what has no variance has no rounding either. */
  const negligible = (entry: number, i: number, j: number): boolean =>
    Math.abs(entry) <= gaussEqualityBudget * deviations[i]! * deviations[j]!
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      const [below, above] = [covariance.entries[i * n + j]!, covariance.entries[j * n + i]!]
      if (!negligible(below - above, i, j))
        return noCovariance(place, `entry (${i}, ${j}) is ${below} and entry (${j}, ${i}) is ${above}`)
    }
  const { remainder, rest } = factorOf(covariance, gaussRankTolerance)
  // The pivots have left no variance but what the tolerance takes for none.
  const wrong = remainder.entries.findIndex((entry, at) => {
    const [i, j] = [rest[Math.floor(at / rest.length)]!, rest[at % rest.length]!]
    return !negligible(entry, i, j)
  })
  if (wrong === -1) return undefined
  const coordinate = rest[Math.floor(wrong / rest.length)]!
  return noCovariance(
    place,
    `it is not positive semidefinite: the other coordinates would explain more than the variance ` +
      `${covariance.entries[coordinate * (n + 1)]!} of coordinate ${coordinate}`,
  )
}

/** A map as it is, or what is wrong with its shapes, its numbers or its covariance. */
export const validateGaussian = (f: GaussianMap): Either<Problem, GaussianMap> => {
  const [inputs, outputs] = [dimensionOf(f.domain), dimensionOf(f.codomain)]
  const shapes = { matrix: [outputs, inputs], shift: [outputs, 1], covariance: [outputs, outputs] } as const
  for (const part of ['matrix', 'shift', 'covariance'] as const) {
    const [rows, columns] = shapes[part]
    for (const [entries, what] of [
      [f[part], 'entries'],
      [f.magnitude?.[part] ?? f[part], 'magnitudes'],
    ] as const) {
      if (entries.length !== rows * columns)
        return left(
          problem(
            'invalid-value',
            `${where}, ${part}`,
            `it has ${entries.length} ${what}`,
            `give ${rows} x ${columns} ${what}`,
          ),
        )
      const infinite = entries.findIndex((entry) => !Number.isFinite(entry))
      if (infinite !== -1)
        return left(
          problem(
            'invalid-value',
            `${where}, ${part}, row ${Math.floor(infinite / columns)}, column ${infinite % columns}`,
            `${entries[infinite]!} is no finite number`,
            'give finite numbers',
          ),
        )
    }
  }
  const wrong = checkCovariance(partsOf(f).covariance, where)
  return wrong === undefined ? right(f) : left(wrong)
}

/** The map that a meaning denotes. */
export const readGaussian = (
  meaning: GaussianMeaning,
  domain: RealObject,
  codomain: RealObject,
  place: string,
): Either<Problem, GaussianMap> => {
  const [inputs, outputs] = [dimensionOf(domain), dimensionOf(codomain)]
  const parts = readParts(meaning, inputs, outputs, place, 0, finiteNumber)
  if (isLeft(parts)) return parts
  const covariance = Float64Array.from(parts.right.covariance)
  const wrong = checkCovariance(given(outputs, outputs, covariance), place)
  if (wrong !== undefined) return left(wrong)
  // What was symmetric up to rounding is made so to the last bit.
  const symmetric = covariance.map(
    (entry, at) => entry / 2 + covariance[(at % outputs) * outputs + Math.floor(at / outputs)]! / 2,
  )
  return right({
    domain,
    codomain,
    matrix: Float64Array.from(parts.right.matrix),
    shift: Float64Array.from(parts.right.shift),
    covariance: symmetric,
  })
}
