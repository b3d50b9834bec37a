/**
 * What an analysis of a language model says: plain data, every number with its kind.
 */
import type { BoundFigure, IdentityFigure, MeasurementFigure } from '../information/figure.js'
import type { ModelShape } from './model.js'
import type { PerEntropy } from './per-entropy.js'
import type { Similarity } from './similarity.js'

/** An eigenvalue list, the largest first, and the identity sum of eigenvalues = trace that it was checked by. */
export interface SpectrumFigure {
  readonly values: readonly number[]
  readonly trace: IdentityFigure
}

/** One number for each of the predictive-similarity kernels. */
export type PerSimilarity<A> = Readonly<Record<Similarity, A>>

export interface SurplusFigure {
  /** How many tokens are drafted at once, K. */
  readonly tokens: number
  /** I(X; W_t+1 .. W_t+K-1 | W_t), exact for the stated law, against its sharpest simple upper bound. */
  readonly surplus: BoundFigure
  /** The acceptance rate 1 - E TV that the best drafter which sees W_t alone is sure of; for K = 2 only. */
  readonly acceptance: number | undefined
}

/** What is known of k_data alone: exact for the stated law. */
export interface DataAnalysis {
  readonly entropyOfToken: IdentityFigure
  readonly conditionalEntropy: IdentityFigure
  readonly information: IdentityFigure
  /** The mean categorical entropies of k_data, the Bayes predictor: closed form against the definition. */
  readonly categoricalEntropy: PerEntropy<IdentityFigure>
  readonly surplus: readonly SurplusFigure[]
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
}

export interface BackendAnalysis {
  readonly asked: string
  /** What gpu.js says ran. */
  readonly ran: string
  readonly executor: string
  readonly reason: string
  readonly adapter: string | undefined
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
  readonly model: ModelShape & { readonly steps: number; readonly seed: number }
  readonly backend: BackendAnalysis
  readonly data: DataAnalysis
  /** The first is the untrained model, the last the trained one. */
  readonly checkpoints: readonly CheckpointAnalysis[]
  readonly ledger: LedgerAnalysis
  readonly pullback: PullbackAnalysis
}
