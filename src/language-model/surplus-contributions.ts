/**
 * What each context says of the information surplus after one token w: the two sides of a sandwich that a model's own predictions give.
 *
 * For N contexts x_j followed by w, with the model's laws q_j = p(F | x_j, w) and weights omega_j (1/N each where none are given):
 *
 *     LOWER  sum_i omega_i KL(q_i || sum_j omega_j q_j) = H(mean q) - mean H(q)          mean at most I(X; F | w)
 *     UPPER  sum_i omega_i KL(q_i || mixture of the contexts of other documents)         mean at least I(X; F | w)
 *     POINT  the jackknife of LOWER: G LOWER - sum_g (1 - omega_g) LOWER without document g
 *
 * LOWER's mean is below for contexts that depend on one another in any way; UPPER's is above because what q_i is compared with does
 * not depend on it, so whole documents are left out. Where every context is a document of its own these are the Jensen-Shannon and
 * leave-one-out estimates. Measurements, never identities; differences of cross-entropies under the law of the data have no sign that
 * is known and are not among them.
 *
 * Source: Zhang, "A Markov Categorical Framework for Language Modeling" (2025), (4.2), for the quantity; B. Poole et al., "On
 * Variational Bounds of Mutual Information" (2019), for bounds with a known conditional law; F. Busing, E. Meijer and R. van der
 * Leeden, "Delete-m jackknife for unequal m" (1999).
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'

/** N contexts before one token. */
export interface ContextSample {
  /** omega, N: in proportion to how often the law has the context before w; all alike where not given. */
  readonly weights?: ArrayLike<number>
  /** N: which document a context is from; each from its own where not given. */
  readonly documents?: ArrayLike<number>
}

/** What is mixed into the mixtures of UPPER, so that no probability is zero: a law that does not depend on the contexts. */
export interface Floor<A> {
  /** How much of the mixture it is; 0.01 where not given. */
  readonly share?: number
  readonly law: A
}

export interface SurplusContributions {
  /** omega, N: sums to one. */
  readonly weights: Float64Array
  /** N. */
  readonly documents: ArrayLike<number>
  /** N, nats: LOWER and UPPER are their means under the weights. */
  readonly lower: Float64Array
  readonly upper: Float64Array
  /** The jackknife, nats. */
  readonly point: number
  /** H(omega), log N for equal weights: LOWER cannot be larger. */
  readonly ceiling: number
  /** 1 / sum omega^2. */
  readonly effectiveSampleSize: number
}

export const defaultFloorShare = 0.01

interface Sample {
  readonly weights: Float64Array
  readonly documents: ArrayLike<number>
  /** The contexts of each document, and their weight. */
  readonly members: readonly (readonly number[])[]
  readonly shares: Float64Array
}

const readSample = (where: string, count: number, { weights, documents }: ContextSample): Either<Problem, Sample> => {
  const wrong = (what: string, remedy: string) => left(problem('invalid-value', where, what, remedy))
  if ((weights?.length ?? count) !== count || (documents?.length ?? count) !== count)
    return wrong('weights or documents are of another number', `give one for each of the ${count} contexts`)
  const given = Float64Array.from({ length: count }, (_, context) => weights?.[context] ?? 1)
  const total = given.reduce((sum, weight) => sum + weight, 0)
  if (!given.every((weight) => weight >= 0) || !(total > 0 && Number.isFinite(total)))
    return wrong('the weights are no masses', 'give numbers of at least zero, not all of them zero')
  const normalised = given.map((weight) => weight / total)
  const listed = new Map<number, number[]>()
  for (let context = 0; context < count; context++) {
    const document = documents?.[context] ?? context
    const known = listed.get(document)
    if (known === undefined) listed.set(document, [context])
    else known.push(context)
  }
  const members = [...listed.values()]
  const shares = Float64Array.from(members, (own) => own.reduce((sum, context) => sum + normalised[context]!, 0))
  if (shares.filter((share) => share > 0).length < 2)
    return wrong('its contexts are of one document', 'give contexts of at least two documents')
  return right({
    weights: normalised,
    documents: documents ?? Int32Array.from({ length: count }, (_, context) => context),
    members,
    shares,
  })
}

const finish = (
  { weights, documents, members, shares }: Sample,
  lower: Float64Array,
  upper: Float64Array,
  /** LOWER without a document, whose share is not all. */
  lowerWithout: (document: number) => number,
): SurplusContributions => {
  let [whole, ceiling, squares, point] = [0, 0, 0, 0]
  weights.forEach((weight, context) => {
    whole += weight * lower[context]!
    if (weight > 0) ceiling -= weight * Math.log(weight)
    squares += weight * weight
  })
  members.forEach((_, document) => {
    point += whole - (1 - shares[document]!) * lowerWithout(document)
  })
  return { weights, documents, lower, upper, point, ceiling, effectiveSampleSize: 1 / squares }
}

/** A mixture that is no law would make UPPER no upper side. */
const floorProblem = (where: string, share: number, law?: ArrayLike<number>): Problem | undefined => {
  const [masses, total] = [Array.from(law ?? [1]), Array.from(law ?? [1]).reduce((sum, mass) => sum + mass, 0)]
  const isLaw = Math.abs(total - 1) < 1e-5 && masses.every((mass) => mass >= 0)
  return share === 0 || (share > 0 && share < 1 && isLaw)
    ? undefined
    : problem(
        'invalid-value',
        `${where}, floor`,
        `a share of ${share} of a law that sums to ${total}`,
        'give a share from 0 to below 1 of probabilities that sum to one',
      )
}

const surprise = (p: number): number => (p > 0 ? -p * Math.log(p) : 0)
const entropyOf = (p: Float64Array): number => {
  let sum = 0
  for (let w = 0; w < p.length; w++) sum += surprise(p[w]!)
  return sum
}

/**
 * The contributions from whole laws q_j of the one token F after w (N x V, row-major): exact sums over V, no sampling of the future.
 *
 * Memory and time are N x V. Errors: arrays that do not fit; a row that is no distribution; contexts of only one document.
 *
 * @example
 * const rows = Float64Array.of(1, 0, 0, 1)
 * const { lower, ceiling } = toUnion(surplusOfDistributions(rows, 2))
 * Array.from(lower) // => [0.6931471806, 0.6931471806]
 * ceiling // => 0.6931471806
 */
export const surplusOfDistributions = (
  rows: Float64Array,
  symbols: number,
  sample: ContextSample = {},
  floor: Floor<ArrayLike<number>> = { law: new Float64Array(symbols).fill(1 / symbols) },
): Either<Problem, SurplusContributions> => {
  const where = 'surplus of distributions'
  const count = rows.length / symbols
  const read = Number.isInteger(count) ? readSample(where, count, sample) : undefined
  if (read === undefined || floor.law.length !== symbols)
    return left(
      problem(
        'invalid-value',
        where,
        'rows or floor are no laws on the symbols',
        `give rows and a floor of ${symbols}`,
      ),
    )
  if (isLeft(read)) return read
  const share = floor.share ?? defaultFloorShare
  const wrongFloor = floorProblem(where, share, floor.law)
  if (wrongFloor !== undefined) return left(wrongFloor)
  const { weights, members, shares } = read.right
  const mean = new Float64Array(symbols)
  const entropies = new Float64Array(count)
  for (let context = 0; context < count; context++) {
    const row = rows.subarray(context * symbols, (context + 1) * symbols)
    let sum = 0
    for (let w = 0; w < symbols; w++) {
      sum += row[w]!
      mean[w]! += weights[context]! * row[w]!
    }
    if (!(Math.abs(sum - 1) < 1e-5) || row.some((p) => p < 0))
      return left(
        problem('invalid-value', `${where}, context ${context}`, `its row sums to ${sum}`, 'give probabilities'),
      )
    entropies[context] = entropyOf(row)
  }
  const logMean = mean.map(Math.log)
  const crossEntropy = (context: number, logs: Float64Array): number => {
    let sum = 0
    for (let w = 0; w < symbols; w++) {
      const p = rows[context * symbols + w]!
      if (p > 0) sum -= p * logs[w]!
    }
    return sum
  }
  const lower = entropies.map((entropy, context) =>
    weights[context]! > 0 ? crossEntropy(context, logMean) - entropy : 0,
  )
  const upper = new Float64Array(count)
  const others = new Float64Array(symbols)
  /** The mixture of all other documents, in `others`. */
  const leaveOut = (document: number): void => {
    others.set(mean)
    for (const context of members[document]!)
      for (let w = 0; w < symbols; w++) others[w]! -= weights[context]! * rows[context * symbols + w]!
    // Rounding may leave a little less than nothing.
    for (let w = 0; w < symbols; w++) others[w] = Math.max(0, others[w]! / (1 - shares[document]!))
  }
  members.forEach((own, document) => {
    leaveOut(document)
    const logs = others.map((mass, w) => Math.log((1 - share) * mass + share * floor.law[w]!))
    for (const context of own) upper[context] = crossEntropy(context, logs) - entropies[context]!
  })
  const meanEntropy = weights.reduce((sum, weight, context) => sum + weight * entropies[context]!, 0)
  return right(
    finish(read.right, lower, upper, (document) => {
      leaveOut(document)
      const left = members[document]!.reduce(
        (sum, context) => sum - weights[context]! * entropies[context]!,
        meanEntropy,
      )
      return entropyOf(others) - left / (1 - shares[document]!)
    }),
  )
}

/**
 * The contributions from one sampled future for each context, for futures of several tokens: log p(f_i | x_j, w) for all pairs (N x N,
 * row i for the future f_i ~ p(. | x_i, w)).
 *
 * LOWER is InfoNCE with the known conditional law, at most log N whatever the futures are. `floor.law` is log p_0(f_i) for a law p_0 of
 * futures; where none is given, futures that no other context allows make UPPER infinite.
 * Errors: arrays that do not fit; a future that its own context does not allow; contexts of only one document.
 *
 * @example
 * const logs = Float64Array.of(0, -Infinity, -Infinity, 0)
 * Array.from(toUnion(surplusOfSampledFutures(logs)).lower) // => [0.6931471806, 0.6931471806]
 */
export const surplusOfSampledFutures = (
  logProbabilities: Float64Array,
  sample: ContextSample = {},
  floor?: Floor<ArrayLike<number>>,
): Either<Problem, SurplusContributions> => {
  const where = 'surplus of sampled futures'
  const count = Math.round(Math.sqrt(logProbabilities.length))
  if (count * count !== logProbabilities.length || (floor?.law.length ?? count) !== count)
    return left(problem('invalid-value', where, 'the arrays do not fit', 'give N x N log-probabilities, a floor of N'))
  const read = readSample(where, count, sample)
  if (isLeft(read)) return read
  const { weights, members, shares } = read.right
  // Ratios p(f_i | x_j, w) / p(f_i | x_i, w), summed for each document: no logarithm leaves the range of float64.
  const ratios = new Float64Array(count * members.length)
  const totals = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    const own = logProbabilities[i * count + i]!
    if (!Number.isFinite(own))
      return left(
        problem('invalid-value', `${where}, context ${i}`, `its own future has ${own}`, 'draw it from its context'),
      )
    members.forEach((contexts, document) => {
      for (const j of contexts)
        ratios[i * members.length + document]! += weights[j]! * Math.exp(logProbabilities[i * count + j]! - own)
    })
    for (let document = 0; document < members.length; document++) totals[i]! += ratios[i * members.length + document]!
  }
  const without = (i: number, document: number): number =>
    Math.max(0, totals[i]! - ratios[i * members.length + document]!) / (1 - shares[document]!)
  const share = floor === undefined ? 0 : (floor.share ?? defaultFloorShare)
  const wrongFloor = floorProblem(where, share)
  if (wrongFloor !== undefined) return left(wrongFloor)
  const lower = totals.map((total, i) => (weights[i]! > 0 ? -Math.log(total) : 0))
  const upper = new Float64Array(count)
  members.forEach((own, document) => {
    for (const i of own) {
      const base = floor === undefined ? 0 : Math.exp(floor.law[i]! - logProbabilities[i * count + i]!)
      upper[i] = -Math.log((1 - share) * without(i, document) + share * base)
    }
  })
  return right(
    finish(
      read.right,
      lower,
      upper,
      (left) =>
        members.reduce(
          (sum, own, document) =>
            document === left
              ? sum
              : own.reduce(
                  (part, i) => (weights[i]! > 0 ? part - weights[i]! * Math.log(without(i, left)) : part),
                  sum,
                ),
          0,
        ) /
        (1 - shares[left]!),
    ),
  )
}
