/** A section of a report: what is said, the figures that say it, and what only experts want to see. */
import type { Figure } from '../information/figure.js'
import type { ReportPlot } from './drawing.js'

export interface NamedFigure {
  readonly name: string
  readonly figure: Figure
  /** What is said of it beside what it is held against. */
  readonly note?: string
}

/** A table of texts. */
export interface ReportTable {
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** How to read it. */
  readonly caption: string
}

/** Figures, drawings and tables that belong together. */
export interface Exhibits {
  readonly figures: readonly NamedFigure[]
  readonly plots: readonly ReportPlot[]
  readonly tables: readonly ReportTable[]
}

export interface Section extends Exhibits {
  readonly title: string
  /** What the numbers mean, and what they do not; a paragraph each. */
  readonly plain: readonly string[]
  /** Equations that hold or do not, each with its worst residual. */
  readonly lights: readonly { readonly statement: string; readonly residual: number; readonly holds: boolean }[]
  /** What is shown on demand. */
  readonly expert: Exhibits
}

export const nothing: Exhibits = { figures: [], plots: [], tables: [] }

/** Figures with their names, in order. */
export const named = (figures: readonly (readonly [string, Figure, string?])[]): readonly NamedFigure[] =>
  figures.map(([name, figure, note]) => ({ name, figure, ...(note === undefined ? {} : { note }) }))

/** A context or a token for people: a space is made visible. */
export const spelled = (symbols: readonly string[]): string =>
  symbols.map((symbol) => (symbol === ' ' ? '␣' : symbol)).join(symbols.every(({ length }) => length === 1) ? '' : ' ')
