/** The codec of an analysis, section by section. */
import * as t from 'io-ts'

import { boundFigure, identityFigure, measurementFigure } from './figure-codec.js'

const perEntropy = <A extends t.Mixed>(codec: A) =>
  t.readonly(
    t.strict({
      shannon: codec,
      'total-variation': codec,
      'renyi-1/2': codec,
      'squared-hellinger': codec,
      'jensen-shannon': codec,
    }),
  )
const perSimilarity = <A extends t.Mixed>(codec: A) =>
  t.readonly(t.strict({ bhattacharyya: codec, linear: codec, cca: codec, 'log-ratio': codec }))

const optional = <A extends t.Mixed>(codec: A) => t.union([codec, t.undefined])
const numbers = t.readonlyArray(t.number)
const spectrum = t.readonly(t.strict({ values: numbers, trace: identityFigure }))

const operator = t.readonly(
  t.strict({
    uncentred: spectrum,
    centred: spectrum,
    canonicalCorrelations: optional(numbers),
    relativeGap: t.number,
  }),
)

const data = t.readonly(
  t.strict({
    entropyOfToken: identityFigure,
    conditionalEntropy: identityFigure,
    information: identityFigure,
    categoricalEntropy: perEntropy(identityFigure),
    surplus: t.readonlyArray(
      t.readonly(
        t.strict({
          tokens: t.number,
          surplus: boundFigure,
          acceptance: optional(t.number),
          infinitePast: optional(boundFigure),
        }),
      ),
    ),
    process: optional(
      t.readonly(t.strict({ entropyRate: boundFigure, excessEntropy: boundFigure, infiniteDraft: boundFigure })),
    ),
    operators: perSimilarity(operator),
  }),
)

const checkpoint = t.readonly(
  t.strict({
    step: t.number,
    nll: identityFigure,
    kl: boundFigure,
    calibration: identityFigure,
    excess: identityFigure,
    entropyGap: boundFigure,
    categoricalEntropy: perEntropy(identityFigure),
    alignment: perSimilarity(t.readonly(t.strict({ captured: measurementFigure, overlap: measurementFigure }))),
  }),
)

const calibration = t.readonly(
  t.strict({
    gap: identityFigure,
    excess: identityFigure,
    momentResidual: measurementFigure,
    scale: optional(t.number),
    scaleGain: optional(boundFigure),
    entropies: t.readonly(
      t.strict({
        modelGivenHidden: identityFigure,
        dataGivenHidden: boundFigure,
        dataGivenContext: identityFigure,
      }),
    ),
    refit: t.readonly(
      t.strict({
        outcome: t.keyof({ converged: null, iterations: null, 'no-step': null }),
        iterations: t.number,
        headLoss: boundFigure,
        refitLoss: boundFigure,
        gap: identityFigure,
        calibration: identityFigure,
      }),
    ),
  }),
)

const drafting = t.readonly(
  t.strict({
    entries: t.number,
    mostIterations: t.number,
    encoder: boundFigure,
    usable: t.readonly(
      t.strict({ trained: boundFigure, untrained: boundFigure, shuffled: boundFigure, permuted: boundFigure }),
    ),
    acceptance: t.readonly(
      t.strict({
        token: boundFigure,
        tokenCeiling: boundFigure,
        mostAccepted: boundFigure,
        state: boundFigure,
        perTokenHead: boundFigure,
        parallelHead: boundFigure,
      }),
    ),
    crossEntropy: t.readonly(t.strict({ perTokenHead: boundFigure, parallelHead: boundFigure })),
  }),
)

const movedToken = t.readonly(t.strict({ token: t.string, probability: t.number, slope: t.number, flow: t.number }))
const pullback = t.readonly(
  t.strict({
    spectrum,
    rank: identityFigure,
    curvature: boundFigure,
    diameter: boundFigure,
    ball: boundFigure,
    directions: t.readonlyArray(
      t.readonly(
        t.strict({
          eigenvalue: identityFigure,
          cost: boundFigure,
          rising: t.readonlyArray(movedToken),
          falling: t.readonlyArray(movedToken),
        }),
      ),
    ),
    distances: t.readonlyArray(
      t.readonly(
        t.strict({
          from: t.readonlyArray(t.string),
          to: t.readonlyArray(t.string),
          totalVariation: boundFigure,
          geodesic: boundFigure,
          path: boundFigure,
          jeffreys: boundFigure,
        }),
      ),
    ),
  }),
)

const verdict = t.keyof({
  'above chance and both baselines': null,
  'above chance, not above both baselines': null,
  'within chance': null,
  'below chance': null,
})
const invariantScore = t.readonly(t.strict({ figure: measurementFigure, invariant: t.literal(true), verdict }))
const dependentScore = t.readonly(t.strict({ figure: measurementFigure, invariant: t.literal(false), verdict }))

const alignment = t.readonly(
  t.strict({
    provenance: t.keyof({ data: null, process: null, teacher: null }),
    mixture: t.number,
    kernels: perSimilarity(
      t.readonly(
        t.strict({
          captured: invariantScore,
          overlap: invariantScore,
          principalAngles: numbers,
          relativeGap: t.number,
          rayleigh: dependentScore,
          linearCka: dependentScore,
          procrustes: dependentScore,
        }),
      ),
    ),
    pillai: invariantScore,
    pairs: optional(t.readonly(t.strict({ count: t.number, raw: measurementFigure, corrected: measurementFigure }))),
    surrogate: t.readonly(
      t.strict({
        conditions: t.string,
        dimension: t.number,
        factor: t.number,
        value: identityFigure,
        nll: boundFigure,
        gain: boundFigure,
        correlations: boundFigure,
        captured: perSimilarity(t.number),
        overlap: perSimilarity(t.number),
      }),
    ),
  }),
)

export const analysis = t.strict({
  law: t.readonly(
    t.strict({
      name: t.string,
      symbols: t.readonlyArray(t.string),
      contextLength: t.number,
      contexts: t.number,
      note: t.string,
    }),
  ),
  model: t.readonly(
    t.strict({
      architecture: t.keyof({ mlp: null, table: null, transformer: null }),
      symbols: t.number,
      contextLength: t.number,
      hidden: t.number,
      sizes: t.readonly(t.record(t.string, t.number)),
      parameters: t.number,
      steps: t.number,
      seed: t.number,
    }),
  ),
  backend: t.readonly(
    t.strict({
      asked: t.string,
      ran: t.string,
      executor: t.string,
      reason: t.string,
      adapter: optional(t.string),
      compiled: t.string,
      kernels: t.number,
      operations: t.number,
    }),
  ),
  data,
  checkpoints: t.readonlyArray(checkpoint),
  ledger: t.readonly(
    t.strict({
      embedding: boundFigure,
      backbone: boundFigure,
      head: boundFigure,
      total: identityFigure,
      distinctEmbeddings: t.number,
      distinctHiddenStates: t.number,
    }),
  ),
  calibration,
  drafting: optional(drafting),
  pullback,
  alignment,
})
