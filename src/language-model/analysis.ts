/**
 * What an analysis of a language model says: plain data, every number with its kind.
 */
import type { BoundFigure, IdentityFigure, MeasurementFigure } from '../information/figure.js'
import type { DependentScore, InvariantScore } from './alignment-report.js'
import type { HeadRefit } from './head-refit.js'
import type { Architecture } from './model.js'
import type { PerEntropy } from './per-entropy.js'
import type { ExternalProvenance } from './predictive-law.js'
import { similarities } from './similarity.js'

/** An eigenvalue list, the largest first, and the identity sum of eigenvalues = trace that it was checked by. */
export interface SpectrumFigure {
  readonly values: readonly number[]
  readonly trace: IdentityFigure
}

/** The predictive-similarity kernels of a report: those that every law has, and the one of logarithms, which needs positive laws. */
export const reportedSimilarities = [...similarities, 'log-ratio'] as const

export type ReportedSimilarity = (typeof reportedSimilarities)[number]

/** One thing for each of these kernels. */
export type PerSimilarity<A> = Readonly<Record<ReportedSimilarity, A>>

export interface SurplusFigure {
  /** How many tokens are drafted at once, K. */
  readonly tokens: number
  /** I(X; W_t+1 .. W_t+K-1 | W_t), exact for the stated law, against its sharpest simple upper bound. */
  readonly surplus: BoundFigure
  /** The acceptance rate 1 - E TV that the best drafter which sees W_t alone is sure of; for K = 2 only. */
  readonly acceptance: number | undefined
  /** The same for the whole past, between two ends; for processes. */
  readonly infinitePast: BoundFigure | undefined
}

/** What a process is known for: each between two ends, the lower one under the upper. */
export interface ProcessAnalysis {
  /** h, nats a symbol. */
  readonly entropyRate: BoundFigure
  /** E = I(past; future). */
  readonly excessEntropy: BoundFigure
  /** What Surplus_K tends to for the whole past: E - (H(W) - h). */
  readonly infiniteDraft: BoundFigure
}

/** What is known of k_data alone: exact for the stated law. */
export interface DataAnalysis {
  readonly entropyOfToken: IdentityFigure
  readonly conditionalEntropy: IdentityFigure
  readonly information: IdentityFigure
  /** The mean categorical entropies of k_data, the Bayes predictor: closed form against the definition. */
  readonly categoricalEntropy: PerEntropy<IdentityFigure>
  readonly surplus: readonly SurplusFigure[]
  /** For processes. */
  readonly process: ProcessAnalysis | undefined
  readonly operators: PerSimilarity<OperatorAnalysis>
}

/** The predictive-similarity operator of the data on L2(mu). */
export interface OperatorAnalysis {
  readonly uncentred: SpectrumFigure
  readonly centred: SpectrumFigure
  /** The canonical correlations of context and next token; for `cca` only. */
  readonly canonicalCorrelations: readonly number[] | undefined
  /** lambda_D - lambda_D+1 of the centred spectrum, relative to lambda_1: at 0 the top eigenspace is not unique. */
  readonly relativeGap: number
}

/** How far the hidden states span what the data's operator says matters. */
export interface AlignmentFigures {
  readonly captured: MeasurementFigure
  readonly overlap: MeasurementFigure
}

export interface CheckpointAnalysis {
  readonly step: number
  /** NLL = KL + H_data. */
  readonly nll: IdentityFigure
  readonly kl: BoundFigure
  /** NLL - Hbar = <W, grad_W> + <b, grad_b>. */
  readonly calibration: IdentityFigure
  /** Hbar - H_data = KL - (NLL - Hbar). */
  readonly excess: IdentityFigure
  /** |Hbar - H_data| under the Fannes-Audenaert bound at the mean total variation. */
  readonly entropyGap: BoundFigure
  /** Mean categorical entropies of the head, from gpu.js kernels, against float64. */
  readonly categoricalEntropy: PerEntropy<IdentityFigure>
  readonly alignment: PerSimilarity<AlignmentFigures>
}

/** KL split along k_emb, k_bb, k_head. */
export interface LedgerAnalysis {
  /** I(W; X | E) >= 0. */
  readonly embedding: BoundFigure
  /** I(W; E | H) >= 0. */
  readonly backbone: BoundFigure
  readonly head: BoundFigure
  /** The sum of the three is KL. */
  readonly total: IdentityFigure
  /** How many contexts the embedding and the hidden state tell apart. */
  readonly distinctEmbeddings: number
  readonly distinctHiddenStates: number
}

/** The pullback of the Fisher-Rao metric along the head, at the mean hidden state. */
export interface PullbackAnalysis {
  readonly spectrum: SpectrumFigure
  /** rank g* = rank (C W), the same at every hidden state. */
  readonly rank: IdentityFigure
  /** lambda_max <= diam(W)^2 / 4. */
  readonly curvature: BoundFigure
  /** diam(W)^2 / 4 <= R^2, R the radius of a ball that holds all rows. */
  readonly diameter: BoundFigure
  /** trace g* <= R^2. */
  readonly ball: BoundFigure
  /** The leading eigenvectors of g* at the mean hidden state. */
  readonly directions: readonly DirectionAnalysis[]
  /** Between the most frequent contexts, in pairs. */
  readonly distances: readonly ContextDistance[]
}

/** What a direction among hidden states does to predictions. */
export interface DirectionAnalysis {
  readonly eigenvalue: IdentityFigure
  /** What a unit step costs, nats. */
  readonly cost: BoundFigure
  /** The tokens whose probability grows and falls fastest along it. */
  readonly rising: readonly MovedToken[]
  readonly falling: readonly MovedToken[]
}

export interface MovedToken {
  readonly token: string
  readonly probability: number
  /** d log p and d p, for a unit of length. */
  readonly slope: number
  readonly flow: number
}

/** How far apart two contexts are for the head: 2 TV <= 2 arccos BC <= geodesic distance <= straight path <= sqrt J. */
export interface ContextDistance {
  /** Their symbols. */
  readonly from: readonly string[]
  readonly to: readonly string[]
  readonly totalVariation: BoundFigure
  readonly geodesic: BoundFigure
  readonly path: BoundFigure
  /** J <= TV times the range of the logits' change. */
  readonly jeffreys: BoundFigure
}

/** Whether the head is as sure as it should be, at the end of training. */
export interface CalibrationAnalysis {
  /** NLL - Hbar, from logits and what comes next alone. */
  readonly gap: IdentityFigure
  readonly excess: IdentityFigure
  readonly momentResidual: MeasurementFigure
  /** The scale of all logits that minimises NLL, and what it gains; nothing where there is none. */
  readonly scale: number | undefined
  readonly scaleGain: BoundFigure | undefined
  /** The three entropies of the next token that must not be confused. */
  readonly entropies: {
    readonly modelGivenHidden: IdentityFigure
    readonly dataGivenHidden: BoundFigure
    readonly dataGivenContext: IdentityFigure
  }
  readonly refit: RefitAnalysis
}

/** The best linear softmax head on the same hidden states. */
export interface RefitAnalysis {
  readonly outcome: HeadRefit['outcome']
  readonly iterations: number
  readonly headLoss: BoundFigure
  readonly refitLoss: BoundFigure
  readonly gap: IdentityFigure
  readonly calibration: IdentityFigure
}

/** Drafting the token after the next one: what the context gives, and what is used of it. */
export interface DraftingAnalysis {
  /** How many words of N + 2 symbols the law has, and how many iterations probes were given. */
  readonly entries: number
  readonly mostIterations: number
  /** The surplus under the trained encoder. */
  readonly encoder: BoundFigure
  /** What linear softmax probes read of the surplus in hidden states; `permuted` gives each context the state of another. */
  readonly usable: Readonly<Record<'trained' | 'untrained' | 'shuffled' | 'permuted', BoundFigure>>
  /** How often drafts are accepted. */
  readonly acceptance: Readonly<
    Record<'token' | 'tokenCeiling' | 'mostAccepted' | 'state' | 'perTokenHead' | 'parallelHead', BoundFigure>
  >
  readonly crossEntropy: Readonly<Record<'perTokenHead' | 'parallelHead', BoundFigure>>
}

/** The scores of the trained hidden states against one kernel of the law. */
export interface KernelAlignmentAnalysis {
  readonly captured: InvariantScore
  readonly overlap: InvariantScore
  /** Degrees, the smallest first. */
  readonly principalAngles: readonly number[]
  readonly relativeGap: number
  readonly rayleigh: DependentScore
  readonly linearCka: DependentScore
  readonly procrustes: DependentScore
}

/** The Pillai trace of pairs of a hidden state and the token after it, drawn from the law. */
export interface PairsAnalysis {
  readonly count: number
  readonly raw: MeasurementFigure
  readonly corrected: MeasurementFigure
}

/** Theorem A's reference: the optimum of the calibrated surrogate, which is not that of the likelihood. */
export interface SurrogateAnalysis {
  readonly conditions: string
  readonly dimension: number
  /** kappa. */
  readonly factor: number
  readonly value: IdentityFigure
  readonly nll: BoundFigure
  readonly gain: BoundFigure
  readonly correlations: BoundFigure
  /** What its hidden states score. */
  readonly captured: PerSimilarity<number>
  readonly overlap: PerSimilarity<number>
}

/** The alignment of the trained model with the law. */
export interface AlignmentAnalysis {
  readonly provenance: ExternalProvenance
  /** The share of the law of the token in the law of the log-ratio kernel: zero where all probabilities are positive. */
  readonly mixture: number
  readonly kernels: PerSimilarity<KernelAlignmentAnalysis>
  /** sum rho_i^2 under the law itself. */
  readonly pillai: InvariantScore
  readonly pairs: PairsAnalysis | undefined
  readonly surrogate: SurrogateAnalysis
}

/** Which model was trained. */
export interface ModelAnalysis {
  readonly architecture: Architecture['kind']
  readonly symbols: number
  readonly contextLength: number
  /** D. */
  readonly hidden: number
  /** The sizes of the architecture under their names. */
  readonly sizes: Readonly<Record<string, number>>
  /** How many numbers its parameters are. */
  readonly parameters: number
  readonly steps: number
  readonly seed: number
}

export interface BackendAnalysis {
  readonly asked: string
  /** What gpu.js says ran. */
  readonly ran: string
  readonly executor: string
  readonly reason: string
  readonly adapter: string | undefined
  /** What of k_gen was compiled. */
  readonly compiled: string
  /** Kernels in the pipeline, and predicted operations of one evaluation of all contexts. */
  readonly kernels: number
  readonly operations: number
}

export interface Analysis {
  readonly law: {
    readonly name: string
    readonly symbols: readonly string[]
    readonly contextLength: number
    /** Contexts of positive weight. */
    readonly contexts: number
    readonly note: string
  }
  readonly model: ModelAnalysis
  readonly backend: BackendAnalysis
  readonly data: DataAnalysis
  /** The first is the untrained model, the last the trained one. */
  readonly checkpoints: readonly CheckpointAnalysis[]
  readonly calibration: CalibrationAnalysis
  readonly ledger: LedgerAnalysis
  /** Nothing where the law has too many words. */
  readonly drafting: DraftingAnalysis | undefined
  readonly pullback: PullbackAnalysis
  readonly alignment: AlignmentAnalysis
}
