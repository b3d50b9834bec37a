/**
 * The shape of curves, one for each seed: do they rise, peak, relax?
 */
import type { NullBand } from '../../src/information/figure.js'

/** One score at the steps of one training. */
export interface Track {
  readonly steps: readonly number[]
  readonly values: readonly number[]
}

export interface Spread {
  readonly mean: number
  /** Over the seeds, with one less in the denominator; 0 for one seed. */
  readonly deviation: number
}

export const spreadOf = (values: readonly number[]): Spread => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, deviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0 }
}

export interface CurveSummary {
  readonly initial: Spread
  readonly peak: Spread
  /** The first and the last step of a peak. */
  readonly peakSteps: readonly [number, number]
  readonly final: Spread
}

const peakOf = ({ values }: Track): number => values.indexOf(Math.max(...values))

export const summarise = (tracks: readonly Track[]): CurveSummary => {
  const peaks = tracks.map((track) => track.steps[peakOf(track)]!)
  return {
    initial: spreadOf(tracks.map(({ values }) => values[0]!)),
    peak: spreadOf(tracks.map(({ values }) => Math.max(...values))),
    peakSteps: [Math.min(...peaks), Math.max(...peaks)],
    final: spreadOf(tracks.map(({ values }) => values.at(-1)!)),
  }
}

/** What a curve is expected to do: rise, peak and relax; rise to the end; or have nothing to find. */
export type ExpectedShape = 'relaxes' | 'rises' | 'nothing'

/** A fall by less than this is none. */
const smallest = 0.003

/** What of the expected shape a curve lacks; empty where it has all of it. `other` is the final score to stay below. */
export const missing = (
  expected: ExpectedShape,
  { values }: Track,
  band: NullBand,
  other = Infinity,
): readonly string[] => {
  const [initial, final, peak] = [values[0]!, values.at(-1)!, Math.max(...values)]
  switch (expected) {
    case 'relaxes':
      return [
        ...(peak > Math.max(initial + smallest, band.upper) ? [] : ['does not rise above chance']),
        ...(peak > final + smallest ? [] : ['does not relax']),
        ...(final > band.upper ? [] : ['ends within chance']),
      ]
    case 'rises':
      return [
        ...(final > Math.max(initial + smallest, band.upper) ? [] : ['does not rise above chance']),
        ...(peak > final + smallest ? ['falls again'] : []),
      ]
    case 'nothing':
      return [
        ...(final < other ? [] : ['ends above the trained model']),
        ...(final > band.upper ? ['ends above chance'] : []),
      ]
  }
}

/** The verdict over seeds, in words. */
export const verdict = (lacks: readonly (readonly string[])[]): string => {
  const faults = [...new Set(lacks.flat())]
  return faults.length === 0
    ? 'holds'
    : faults
        .map((fault) => `${fault} (${lacks.filter((each) => each.includes(fault)).length}/${lacks.length})`)
        .join('; ')
}
