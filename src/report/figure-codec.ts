/** Figures as they are in report.json: every number that says something, with its kind. */
import * as t from 'io-ts'

const unit = t.keyof({ nats: null, bits: null, '1': null, count: null })

export const identityFigure = t.readonly(
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
export const boundFigure = t.readonly(
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
export const measurementFigure = t.readonly(
  t.strict({
    kind: t.literal('measurement'),
    value: t.number,
    unit,
    statement: t.string,
    null: t.readonly(t.strict({ mean: t.number, lower: t.number, upper: t.number, draws: t.number })),
    baselines: t.readonly(t.record(t.string, t.number)),
  }),
)
export const estimateFigure = t.readonly(
  t.strict({
    kind: t.literal('measurement'),
    value: t.number,
    unit,
    statement: t.string,
    interval: t.union([t.readonly(t.strict({ lower: t.number, upper: t.number })), t.undefined]),
    baselines: t.readonly(t.record(t.string, t.number)),
  }),
)
