/**
 * Everything that is said about the alignment of a model's hidden states with a law, in one place: scores beside chance, the untrained
 * model and the model of shuffled targets, each with whether a linear map of the hidden space would change it.
 *
 * A law that is the model's own prediction, by its provenance or because its numbers are the model's, gives a report of another kind
 * (`self-alignment`), which has scores and no verdict.
 */
import { type Either, isLeft, right } from 'fp-ts/lib/Either.js'

import type { Problem } from '../../dsl/problem.js'
import { measurement, type MeasurementFigure } from '../information/figure.js'
import { type Alignment, alignment, randomFeatureNull } from './alignment.js'
import { hiddenCorrelations, momentsOfLaw } from './alignment-moments.js'
import { type SpanScores, spanScores } from './alignment-scores.js'
import { centredKernelAlignment, procrustesSimilarity } from './basis-dependent-scores.js'
import { centredRayleigh } from './dirichlet.js'
import { defaultDraws, permutationNull } from './null-band.js'
import {
  areOwnPredictions,
  type ExternalProvenance,
  externalProvenances,
  type PredictiveLaw,
  type Provenance,
} from './predictive-law.js'
import { selfAlignmentStatement } from './self-alignment.js'
import { type OperatorSpectrum, predictiveSpectrum } from './similarity.js'
import type { SimilarityKernel, SimilarityName } from './similarity-kernel.js'

/** Hidden states on all contexts, n x D each. */
export interface StatesAtCheckpoint {
  readonly trained: Float64Array
  readonly untrained: Float64Array
  readonly shuffled: Float64Array
}

/** What a measured score is, against chance and both baselines. */
export type Verdict =
  'above chance and both baselines' | 'above chance, not above both baselines' | 'within chance' | 'below chance'

export interface JudgedScore {
  readonly figure: MeasurementFigure
  /** Would an invertible linear map of the hidden space leave it as it is? */
  readonly invariant: boolean
  readonly verdict: Verdict
}

export interface InvariantScore extends JudgedScore {
  readonly invariant: true
}
export interface DependentScore extends JudgedScore {
  readonly invariant: false
}

/** The scores against one kernel of the law. */
export interface KernelAlignment {
  readonly similarity: SimilarityName
  readonly captured: InvariantScore
  readonly overlap: InvariantScore
  /** Of the trained states, radians, the smallest first. */
  readonly principalAngles: Float64Array
  readonly gap: number
  readonly linearCka: DependentScore
  readonly procrustes: DependentScore
  /** <h, K_c h> / (|h|^2 lambda_1). */
  readonly rayleigh: DependentScore
}

export interface AlignmentReport {
  readonly kind: 'alignment'
  readonly provenance: ExternalProvenance
  readonly law: string
  readonly kernels: readonly KernelAlignment[]
  /** sum rho_i^2 of the hidden state and the one-hot next token under the law. */
  readonly pillai: InvariantScore
}

export interface SelfAlignmentReport {
  readonly kind: 'self-alignment'
  readonly law: string
  /** `declared`: the law says so itself. `recognised`: it is called otherwise, and its numbers are the model's predictions. */
  readonly because: 'declared' | 'recognised'
  readonly statement: string
  readonly scores: readonly { readonly similarity: SimilarityName; readonly scores: SpanScores }[]
}

export interface AlignmentQuestion {
  readonly law: PredictiveLaw<Provenance>
  readonly states: StatesAtCheckpoint
  /** n x V log-probabilities of the trained model, nats: what the law must not be. */
  readonly predictions: Float64Array
  /** Bhattacharyya, linear and cca where none are given. */
  readonly kernels?: readonly SimilarityKernel[]
  /** A 32-bit integer. */
  readonly seed: number
  /** 200 where it is not given. */
  readonly draws?: number
}

const defaultKernels: readonly SimilarityKernel[] = [{ kind: 'bhattacharyya' }, { kind: 'linear' }, { kind: 'cca' }]

/**
 * The report of a model on a law. Measurements, with bands from random features (the scores of a span) and permuted contexts (the
 * others) under the law's weights.
 *
 * Errors: those of the kernels' spectra, of `alignment` and of the moments.
 */
export const alignmentReport = (
  question: AlignmentQuestion,
): Either<Problem, AlignmentReport | SelfAlignmentReport> => {
  const { law, predictions } = question
  const external = externalLaw(law)
  return external === undefined || areOwnPredictions(law, predictions)
    ? reportOnOwn(question, external === undefined ? 'declared' : 'recognised')
    : reportOnLaw(question, external)
}

const externalLaw = ({ provenance, ...rest }: PredictiveLaw<Provenance>): PredictiveLaw | undefined => {
  const external = externalProvenances.find((each) => each === provenance)
  return external === undefined ? undefined : { provenance: external, ...rest }
}

const reportOnOwn = (
  { law, states, kernels = defaultKernels }: AlignmentQuestion,
  because: SelfAlignmentReport['because'],
): Either<Problem, SelfAlignmentReport> => {
  const scores: SelfAlignmentReport['scores'][number][] = []
  for (const kernel of kernels) {
    const spectrum = predictiveSpectrum(law, kernel)
    if (isLeft(spectrum)) return spectrum
    const result = spanScores(states.trained, law.weights, spectrum.right)
    if (isLeft(result)) return result
    scores.push({ similarity: kernel.kind, scores: result.right })
  }
  return right({ kind: 'self-alignment', law: law.name, because, statement: selfAlignmentStatement, scores })
}

const reportOnLaw = (
  { states, kernels = defaultKernels, seed, draws = defaultDraws }: AlignmentQuestion,
  law: PredictiveLaw,
): Either<Problem, AlignmentReport> => {
  const { weights } = law
  const reports: KernelAlignment[] = []
  for (const kernel of kernels) {
    const spectrum = predictiveSpectrum(law, kernel)
    if (isLeft(spectrum)) return spectrum
    const report = reportOnKernel(states, weights, spectrum.right, { seed, draws })
    if (isLeft(report)) return report
    reports.push(report.right)
  }
  const traces = valuesAt(states, (hidden) => pillaiUnder(law, hidden))
  if (isLeft(traces)) return traces
  // The states are finite and vary, or the line before would have said so; permuted they still do.
  const [band] = permutationNull(states.trained, weights.length, [(hidden) => orNaN(pillaiUnder(law, hidden))], {
    seed,
    draws,
  })
  return right({
    kind: 'alignment',
    provenance: law.provenance,
    law: law.name,
    kernels: reports,
    pillai: invariant(
      figure('sum rho_i^2, rho the canonical correlations of h and the one-hot next token', traces.right, band!),
    ),
  })
}

const reportOnKernel = (
  states: StatesAtCheckpoint,
  weights: Float64Array,
  spectrum: OperatorSpectrum,
  settings: { readonly seed: number; readonly draws: number },
): Either<Problem, KernelAlignment> => {
  const scores = valuesAt<Alignment>(states, (hidden) => alignment(hidden, weights, spectrum))
  if (isLeft(scores)) return scores
  const chance = randomFeatureNull(weights, states.trained.length / weights.length, [spectrum], settings)
  if (isLeft(chance)) return chance
  const procrustes = valuesAt(states, (hidden) => valueOfEither(procrustesSimilarity(hidden, weights, spectrum)))
  if (isLeft(procrustes)) return procrustes
  const cka = (hidden: Float64Array): number => centredKernelAlignment(hidden, weights, spectrum).value
  const rayleigh = (hidden: Float64Array): number => centredRayleigh(hidden, weights, spectrum)
  const permuted = permutationNull(
    states.trained,
    weights.length,
    [cka, (hidden) => orNaN(valueOfEither(procrustesSimilarity(hidden, weights, spectrum))), rayleigh],
    settings,
  )
  const { trained } = scores.right
  const [bands] = chance.right
  const dependentAt = (statement: string, of: (hidden: Float64Array) => number, index: number): DependentScore =>
    dependent(figure(statement, mapStates(states, of), permuted[index]!))
  return right({
    similarity: spectrum.similarity,
    captured: invariant(
      figure(
        'tr(Q^T M Q) / the sum of the D largest eigenvalues of M, the law’s operator',
        mapStates(scores.right, ({ captured }) => captured),
        bands!.captured,
      ),
    ),
    overlap: invariant(
      figure(
        '|Q^T F|^2 / k, F the leading eigenvectors of the law’s operator',
        mapStates(scores.right, ({ overlap }) => overlap),
        bands!.overlap,
      ),
    ),
    principalAngles: trained.principalAngles,
    gap: trained.gap,
    linearCka: dependentAt('<K_h, M> / (|K_h| |M|), both centred', cka, 0),
    procrustes: dependent(figure('|X^T F|_* / (|X| |F|), F F^T the law’s operator', procrustes.right, permuted[1]!)),
    rayleigh: dependentAt('<h, M h> / (|h|^2 lambda_1), centred', rayleigh, 2),
  })
}

interface AtEach<A> {
  readonly trained: A
  readonly untrained: A
  readonly shuffled: A
}

const mapStates = <A, B>({ trained, untrained, shuffled }: AtEach<A>, of: (value: A) => B): AtEach<B> => ({
  trained: of(trained),
  untrained: of(untrained),
  shuffled: of(shuffled),
})

const valuesAt = <A>(
  { trained, untrained, shuffled }: StatesAtCheckpoint,
  of: (hidden: Float64Array) => Either<Problem, A>,
): Either<Problem, AtEach<A>> => {
  const [first, second, third] = [of(trained), of(untrained), of(shuffled)]
  if (isLeft(first)) return first
  if (isLeft(second)) return second
  if (isLeft(third)) return third
  return right({ trained: first.right, untrained: second.right, shuffled: third.right })
}

const figure = (
  statement: string,
  { trained, untrained, shuffled }: AtEach<number>,
  band: MeasurementFigure['null'],
): MeasurementFigure => measurement(statement, trained, band, { untrained, 'shuffled targets': shuffled })

const invariant = (score: MeasurementFigure): InvariantScore => ({
  figure: score,
  invariant: true,
  verdict: verdictOf(score),
})

const dependent = (score: MeasurementFigure): DependentScore => ({
  figure: score,
  invariant: false,
  verdict: verdictOf(score),
})

/**
 * What a measurement is beside its null band and all its baselines.
 *
 * @example
 * const band = { mean: 0.1, lower: 0.05, upper: 0.2, draws: 200 }
 * verdictOf(measurement('a score', 0.6, band, { untrained: 0.15 })) // => 'above chance and both baselines'
 */
export const verdictOf = ({ value, null: band, baselines }: MeasurementFigure): Verdict => {
  if (value < band.lower) return 'below chance'
  if (!(value > band.upper)) return 'within chance'
  return Object.values(baselines).every((baseline) => value > baseline)
    ? 'above chance and both baselines'
    : 'above chance, not above both baselines'
}

const pillaiUnder = (law: PredictiveLaw, hidden: Float64Array): Either<Problem, number> => {
  const moments = momentsOfLaw(law, hidden)
  if (isLeft(moments)) return moments
  const correlations = hiddenCorrelations(moments.right)
  return isLeft(correlations) ? correlations : right(correlations.right.reduce((sum, rho) => sum + rho * rho, 0))
}

const valueOfEither = (score: Either<Problem, { readonly value: number }>): Either<Problem, number> =>
  isLeft(score) ? score : right(score.right.value)

const orNaN = (value: Either<Problem, number>): number => (isLeft(value) ? NaN : value.right)
