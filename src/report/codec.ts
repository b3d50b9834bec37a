/**
 * report.json: the analysis under stable names, with a codec that checks a document before anything reads it.
 *
 * The names are documented in docs/report.md. A later version that changes a name or its meaning has another number.
 */
import { type Either, isLeft, left, mapLeft } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as t from 'io-ts'

import { problem, type Problem } from '../../dsl/problem.js'

import type { Analysis } from '../language-model/analysis.js'

export const reportVersion = 1

const unit = t.keyof({ nats: null, bits: null, '1': null, count: null })

const identityFigure = t.readonly(
  t.strict({
    kind: t.literal('identity'),
    value: t.number,
    unit,
    statement: t.string,
    residual: t.number,
    tolerance: t.number,
    holds: t.boolean,
  }),
)
const boundFigure = t.readonly(
  t.strict({
    kind: t.literal('bound'),
    value: t.number,
    unit,
    statement: t.string,
    relation: t.keyof({ 'at most': null, 'at least': null }),
    limit: t.number,
    holds: t.boolean,
  }),
)
const measurementFigure = t.readonly(
  t.strict({
    kind: t.literal('measurement'),
    value: t.number,
    unit,
    statement: t.string,
    null: t.readonly(t.strict({ mean: t.number, lower: t.number, upper: t.number, draws: t.number })),
    baselines: t.readonly(t.record(t.string, t.number)),
  }),
)

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
  t.readonly(t.strict({ bhattacharyya: codec, linear: codec, cca: codec }))

const numbers = t.readonlyArray(t.number)
const spectrum = t.readonly(t.strict({ values: numbers, trace: identityFigure }))

const operator = t.readonly(
  t.strict({
    uncentred: spectrum,
    centred: spectrum,
    canonicalCorrelations: t.union([numbers, t.undefined]),
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
      t.readonly(t.strict({ tokens: t.number, surplus: boundFigure, acceptance: t.union([t.number, t.undefined]) })),
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
    entropyGap: boundFigure,
    categoricalEntropy: perEntropy(identityFigure),
    alignment: perSimilarity(t.readonly(t.strict({ captured: measurementFigure, overlap: measurementFigure }))),
  }),
)

const shape = { symbols: t.number, contextLength: t.number, embedding: t.number, width: t.number, hidden: t.number }

const analysis = t.strict({
  law: t.readonly(
    t.strict({
      name: t.string,
      symbols: t.readonlyArray(t.string),
      contextLength: t.number,
      contexts: t.number,
      note: t.string,
    }),
  ),
  model: t.readonly(t.strict({ ...shape, steps: t.number, seed: t.number })),
  backend: t.readonly(
    t.strict({
      asked: t.string,
      ran: t.string,
      executor: t.string,
      reason: t.string,
      adapter: t.union([t.string, t.undefined]),
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
  pullback: t.readonly(t.strict({ spectrum, rank: identityFigure, curvature: boundFigure })),
})

const report = t.intersection([
  t.strict({ format: t.literal('markovcat-report'), version: t.literal(reportVersion), diagram: t.string }),
  analysis,
])

/** The document: an analysis, and the diagram of the model as text. */
export interface Report extends Analysis {
  readonly format: 'markovcat-report'
  readonly version: typeof reportVersion
  readonly diagram: string
}

/** The codec of report.json. */
export const ReportCodec: t.Type<Report, unknown> = report

/** The text of report.json; a report that its own codec refuses is an error of this program. */
export const printReport = (document: Report): string => {
  const text = JSON.stringify(ReportCodec.encode(document), null, 2)
  if (isLeft(parseReport(text))) throw new Error('printReport: the report does not follow its own codec')
  return `${text}\n`
}

/** A report from the text of report.json; problems: `malformed`, with the place in the document. */
export const parseReport = (text: string): Either<Problem, Report> => {
  const malformed = (where: string, what: string): Problem =>
    problem('malformed', where, what, `give a report.json of version ${reportVersion}`)
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    return left(malformed('report.json', 'it is no JSON'))
  }
  return pipe(
    ReportCodec.decode(document),
    mapLeft((errors) => {
      const [first] = errors
      const place = (first?.context ?? []).map(({ key }) => key).filter((key) => key !== '' && !/^\d+$/.test(key))
      return malformed(
        `report.json, ${place.join('.') || 'document'}`,
        `${JSON.stringify(first?.value)} does not belong there`,
      )
    }),
  )
}
