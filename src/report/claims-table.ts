/** Checked claims as a table for the terminal, each with its figures below it. */
import type { CheckedClaim } from '../language-model/claims/claim.js'
import { evidence, formatNumber } from './format.js'

const width = 110

/** The claims one below the other, and how many fared how. */
export const claimsTable = (claims: readonly CheckedClaim[]): string => {
  const numbers = Math.max(...claims.map(({ number }) => number.length))
  const blocks = claims.map(({ number, statement, correction, verdict, figures, counterexample }) => {
    const indent = ' '.repeat(numbers + 2)
    const lines = [
      ...wrapped(statement, width - indent.length),
      ...(correction === undefined ? [] : wrapped(`corrected: ${correction}`, width - indent.length)),
      ...(counterexample === undefined ? [] : wrapped(`counterexample: ${counterexample}`, width - indent.length)),
      ...figures.map((figure) => {
        const unit = figure.unit === '1' || figure.unit === 'count' ? '' : ` ${figure.unit}`
        return `  ${figure.kind.padEnd(11)} ${figure.statement}: ${formatNumber(figure.value)}${unit}, ${evidence(figure)}`
      }),
    ]
    return [`${number.padEnd(numbers)}  ${verdict.toUpperCase()}`, ...lines.map((line) => indent + line)].join('\n')
  })
  const verdicts = [...new Set(claims.map(({ verdict }) => verdict))]
  const counts = verdicts.map((verdict) => `${claims.filter((claim) => claim.verdict === verdict).length} ${verdict}`)
  return [...blocks, `${claims.length} statements: ${counts.join(', ')}`].join('\n\n')
}

const wrapped = (text: string, most: number): readonly string[] =>
  text.split(' ').reduce<readonly string[]>((lines, word) => {
    const last = lines[lines.length - 1]
    return last === undefined || last.length + 1 + word.length > most
      ? [...lines, word]
      : [...lines.slice(0, -1), `${last} ${word}`]
  }, [])
