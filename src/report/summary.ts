/**
 * The end of an analysis as a table for the terminal: quantity, value, kind, and what it is held against.
 */
import type { Report } from './codec.js'
import { evidence, formatNumber } from './format.js'
import { failingIn, figuresOf, sectionsOf } from './sections.js'
import type { NamedFigure } from './section.js'

/** The summary table of a report: what its sections show first. */
export const summaryTable = (report: Report): string => {
  const sections = sectionsOf(report)
  const groups = sections.map(({ title, figures }) => ({ title, rows: figures.map(rowOf) }))
  const rows = groups.flatMap((group) => group.rows)
  const head = ['quantity', 'value', 'unit', 'kind', 'held against']
  const widths = head.map((title, column) =>
    column === head.length - 1 ? title.length : Math.max(title.length, ...rows.map((row) => row[column]!.length)),
  )
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === 1 ? cell.padStart(widths[1]!) : cell.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd()
  const { ran, executor, reason } = report.backend
  const failing = failingIn(sections)
  const checked = sections.flatMap(figuresOf).filter(({ figure }) => figure.kind !== 'measurement').length
  return [
    line(head),
    ...groups.filter((group) => group.rows.length > 0).flatMap((group) => ['', group.title, ...group.rows.map(line)]),
    '',
    failing.length === 0
      ? `all ${checked} identities and bounds of the report hold`
      : `these do not hold: ${failing.join(', ')}`,
    `kernels ran on ${ran} (${executor}); ${reason}`,
  ].join('\n')
}

const rowOf = ({ name, figure, note }: NamedFigure): readonly string[] => [
  name,
  formatNumber(figure.value),
  figure.unit === '1' ? '' : figure.unit,
  figure.kind,
  note === undefined ? evidence(figure) : `${evidence(figure)}; ${note}`,
]
