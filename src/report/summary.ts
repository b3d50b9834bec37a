/**
 * The end of an analysis as a table for the terminal: quantity, value, kind, and what it is held against.
 */
import type { Figure } from '../information/figure.js'
import type { Report } from './codec.js'
import { evidence, formatNumber } from './format.js'
import { finalFigures } from './rows.js'

/** The summary table of a report. */
export const summaryTable = (report: Report): string => {
  const rows = finalFigures(report).map(({ name, figure }) => rowOf(name, figure))
  const head = ['quantity', 'value', 'unit', 'kind', 'held against']
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)))
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === 1 ? cell.padStart(widths[1]!) : cell.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd()
  const { ran, executor, reason } = report.backend
  return [
    line(head),
    widths.map((width) => '─'.repeat(width)).join('──'),
    ...rows.map(line),
    '',
    `kernels ran on ${ran} (${executor}); ${reason}`,
  ].join('\n')
}

const rowOf = (name: string, figure: Figure): readonly string[] => [
  name,
  formatNumber(figure.value),
  figure.unit === '1' ? '' : figure.unit,
  figure.kind,
  evidence(figure),
]
