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
import { analysis } from './analysis-codec.js'

export const reportVersion = 2

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
  const other = versionOf(document)
  if (other !== undefined && other !== reportVersion)
    return left(
      problem(
        'malformed',
        'report.json, version',
        `it is a report of version ${other}, and this program reads version ${reportVersion}`,
        other < reportVersion
          ? 'make it again with `markovcat analyze`: the law, the model, the steps and the seed are in it'
          : 'use a newer markovcat',
      ),
    )
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

const numbered = t.strict({ format: t.literal('markovcat-report'), version: t.number })

/** The version of a document that says it is a report. */
const versionOf = (document: unknown): number | undefined => {
  const decoded = numbered.decode(document)
  return isLeft(decoded) ? undefined : decoded.right.version
}
