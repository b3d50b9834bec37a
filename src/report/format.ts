/**
 * Numbers and figures as people read them.
 */
import type { EstimateFigure, Figure } from '../information/figure.js'

/**
 * A number with six significant digits, small ones in scientific notation.
 *
 * @example
 * formatNumber(1.23456789) // => '1.23457'
 * formatNumber(-3.1e-16) // => '-3.1e-16'
 */
export const formatNumber = (value: number): string => {
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return String(value)
  if (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e9) return String(Number(value.toPrecision(3)).toExponential())
  return String(Number(value.toPrecision(6)))
}

/**
 * A number with four significant digits, for prose.
 *
 * @example
 * formatShort(-0.036622849) // => '−0.03662'
 */
export const formatShort = (value: number): string => formatNumber(Number(value.toPrecision(4))).replace('-', '−')

/** What a figure is held against: the residual of an identity, the limit of a bound, the null or interval and baselines of a measurement. */
export const evidence = (figure: Figure | EstimateFigure): string => {
  switch (figure.kind) {
    case 'identity':
      return `residual ${formatNumber(figure.residual)}${figure.holds ? '' : ' (FAILS)'}`
    case 'bound':
      return `${figure.relation} ${formatNumber(figure.limit)}${figure.holds ? '' : ' (FAILS)'}`
    case 'measurement': {
      if ('interval' in figure) {
        const { interval, baselines } = figure
        const others = Object.entries(baselines).map(([name, value]) => `${name} ${formatNumber(value)}`)
        if (interval === undefined) return others.join(', ')
        return [`95% [${formatNumber(interval.lower)}, ${formatNumber(interval.upper)}]`, ...others].join(', ')
      }
      const { mean, lower, upper } = figure.null
      const baselines = Object.entries(figure.baselines).map(([name, value]) => `${name} ${formatScore(value)}`)
      return [`chance ${formatScore(mean)} [${formatScore(lower)}, ${formatScore(upper)}]`, ...baselines].join(', ')
    }
  }
}

const formatScore = (value: number): string => value.toFixed(3)
