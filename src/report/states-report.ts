/**
 * states.json: the figures of hidden states under stable names, with a codec that checks a document before anything reads it.
 *
 * The names are documented in docs/report.md. A later version that changes a name or its meaning has another number.
 */
import { type Either, isLeft, left, mapLeft } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as t from 'io-ts'

import { problem, type Problem } from '../../dsl/problem.js'
import type { Statistics } from '../language-model/statistics/statistics.js'
import type { StatisticsSummary } from '../language-model/statistics/summary.js'
import { boundFigure, estimateFigure, identityFigure, measurementFigure } from './figure-codec.js'

export const statesVersion = 1

const numbers = t.readonlyArray(t.number)

const figures = t.readonly(
  t.strict({
    contexts: t.number,
    chunks: t.number,
    effectiveContexts: t.number,
    nll: estimateFigure,
    entropy: estimateFigure,
    entropies: t.readonly(
      t.strict({ 'total-variation': boundFigure, 'squared-hellinger': boundFigure, 'renyi-1/2': boundFigure }),
    ),
    calibration: identityFigure,
    overconfidence: estimateFigure,
    gradient: t.readonly(t.strict({ weights: estimateFigure, bias: estimateFigure })),
    geometry: t.readonly(
      t.strict({
        hiddenDimension: boundFigure,
        hiddenSpectrum: numbers,
        rank: boundFigure,
        curvature: boundFigure,
        metricSpectrum: numbers,
      }),
    ),
    correlations: t.union([
      t.readonly(
        t.strict({
          raw: boundFigure,
          corrected: measurementFigure,
          prototypes: t.union([boundFigure, t.undefined]),
          correlations: numbers,
        }),
      ),
      t.readonly(t.strict({ missing: t.string })),
    ]),
  }),
)

const report = t.strict({
  format: t.literal('markovcat-states'),
  version: t.literal(statesVersion),
  source: t.readonly(
    t.strict({
      files: t.readonlyArray(t.string),
      job: t.string,
      dimension: t.number,
      vocabulary: t.number,
      chunks: t.readonlyArray(t.readonly(t.strict({ first: t.number, end: t.number }))),
    }),
  ),
  backend: t.union([
    t.readonly(
      t.strict({ asked: t.string, ran: t.string, reason: t.string, adapter: t.union([t.string, t.undefined]) }),
    ),
    t.undefined,
  ]),
  figures,
  notComputed: t.readonlyArray(t.readonly(t.strict({ quantity: t.string, because: t.string }))),
})

/** The document: where the figures come from, the figures, and what cannot be said from statistics. */
export interface StatesReport {
  readonly format: 'markovcat-states'
  readonly version: typeof statesVersion
  readonly source: StatesSource
  /** What ran the kernels; none where statistics were merged. */
  readonly backend:
    | {
        readonly asked: string
        readonly ran: string
        readonly reason: string
        readonly adapter: string | undefined
      }
    | undefined
  readonly figures: StatisticsSummary
  readonly notComputed: readonly { readonly quantity: string; readonly because: string }[]
}

export interface StatesSource {
  readonly files: readonly string[]
  readonly job: string
  readonly dimension: number
  readonly vocabulary: number
  /** Which chunks were seen: ranges from `first` up to and without `end`. */
  readonly chunks: readonly { readonly first: number; readonly end: number }[]
}

/** The codec of states.json. */
export const StatesReportCodec: t.Type<StatesReport, unknown> = report

/** What needs more than pairs of hidden state and next token. */
export const notComputed: StatesReport['notComputed'] = [
  {
    quantity: 'KL(k_data || k_gen), H_data',
    because: 'the law of the next token is not in a dump, only what came next',
  },
  { quantity: 'information surplus', because: 'it needs two or more next tokens of each context' },
  { quantity: 'the ledger of KL', because: 'it needs the stages before the hidden state' },
  { quantity: 'alignment with the data’s similarity operators', because: 'they are of the law of the next token' },
  { quantity: 'the calibrating temperature', because: 'it needs another pass at other temperatures' },
]

/** The ranges of chunks that statistics have. */
export const chunkRanges = ({ chunks }: Statistics): StatesSource['chunks'] => {
  const ranges: { first: number; end: number }[] = []
  for (const { chunk } of chunks) {
    const last = ranges[ranges.length - 1]
    if (last?.end === chunk) last.end++
    else ranges.push({ first: chunk, end: chunk + 1 })
  }
  return ranges
}

/** The text of states.json; a report that its own codec refuses is an error of this program. */
export const printStatesReport = (document: StatesReport): string => {
  const text = JSON.stringify(StatesReportCodec.encode(document), null, 2)
  if (isLeft(parseStatesReport(text))) throw new Error('printStatesReport: the report does not follow its own codec')
  return `${text}\n`
}

/** A report from the text of states.json; problems: `malformed`, with the place in the document. */
export const parseStatesReport = (text: string): Either<Problem, StatesReport> => {
  const malformed = (where: string, what: string): Problem =>
    problem('malformed', where, what, `give a states.json of version ${statesVersion}`)
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    return left(malformed('states.json', 'it is no JSON'))
  }
  return pipe(
    StatesReportCodec.decode(document),
    mapLeft((errors) => {
      const [first] = errors
      const place = (first?.context ?? []).map(({ key }) => key).filter((key) => key !== '' && !/^\d+$/.test(key))
      return malformed(
        `states.json, ${place.join('.') || 'document'}`,
        `${JSON.stringify(first?.value)} does not belong there`,
      )
    }),
  )
}
