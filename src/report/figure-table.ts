/** Figures as a table for the terminal: quantity, value, unit, kind, and what each is held against. */
import type { EstimateFigure, Figure } from '../information/figure.js'
import { evidence, formatNumber } from './format.js'

export interface TableGroup {
  readonly title: string
  readonly figures: readonly TableRow[]
}

export interface TableRow {
  readonly name: string
  readonly figure: Figure | EstimateFigure
  readonly note?: string
}

/** The figures of all groups, each below its title; groups without figures are left out. */
export const figureTable = (groups: readonly TableGroup[]): string => {
  const head = ['quantity', 'value', 'unit', 'kind', 'held against']
  const rows = groups.flatMap(({ figures }) => figures.map(cellsOf))
  // The last column may be as wide as it is.
  const widths = head.map((title, column) =>
    column === head.length - 1 ? 0 : Math.max(title.length, ...rows.map((row) => row[column]!.length)),
  )
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === 1 ? cell.padStart(widths[1]!) : cell.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd()
  return [
    line(head),
    ...groups.flatMap(({ title, figures }) =>
      figures.length === 0 ? [] : ['', title, ...figures.map((row) => line(cellsOf(row)))],
    ),
  ].join('\n')
}

const cellsOf = ({ name, figure, note }: TableRow): readonly string[] => [
  name,
  formatNumber(figure.value),
  figure.unit === '1' ? '' : figure.unit,
  figure.kind,
  note === undefined ? evidence(figure) : `${evidence(figure)}; ${note}`,
]
