/** What the head does to hidden states: how fast predictions change along which directions, and how far apart contexts are. */
import type { Analysis, MovedToken, PullbackAnalysis } from '../language-model/analysis.js'
import { spectrumPlot } from './drawing.js'
import { formatNumber } from './format.js'
import { named, nothing, type ReportTable, type Section, spelled } from './section.js'

export const geometrySection = ({ pullback, model }: Analysis): Section => {
  const { spectrum, rank, curvature, diameter, ball } = pullback
  return {
    title: 'The geometry of the head',
    plain: [
      `The head turns steps among hidden states into changes of the prediction; the metric g* says how large they are. It has ${rank.value} directions of ${model.hidden} that change
any prediction. A large alphabet does not make it degenerate: its rank is that of the rows of W less their mean.`,
      'The numbers depend on the basis of the hidden space: a linear map of the states that the head undoes changes the eigenvalues and no prediction. The distances between contexts do not depend on it.',
    ],
    figures: named([
      ['trace of g* at the mean state', spectrum.trace],
      ['rank of g*', rank],
      ['largest eigenvalue of g*', curvature],
      ['diam(W)² / 4', diameter],
      ['trace of g*, below the ball', ball],
    ]),
    plots: [
      {
        title: 'Pullback metric',
        svg: spectrumPlot('Pullback metric', spectrum.values, spectrum.values.length),
        caption:
          'The eigenvalues of the Fisher-Rao metric pulled back along the head, at the mean hidden state: how fast the prediction changes along each direction.',
      },
    ],
    tables: [directionsTable(pullback), distancesTable(pullback)],
    lights: [],
    expert: {
      ...nothing,
      figures: named([
        ...pullback.directions.flatMap(
          ({ eigenvalue, cost }, index) =>
            [
              [`g*(u, u), direction ${index + 1}`, eigenvalue],
              [`cost of a unit step, direction ${index + 1}`, cost],
            ] as const,
        ),
        ...pullback.distances.flatMap(({ from, to, totalVariation, geodesic, path, jeffreys }) => {
          const pair = `${spelled(from)} to ${spelled(to)}`
          return [
            [`2 TV, ${pair}`, totalVariation],
            [`2 arccos BC, ${pair}`, geodesic],
            [`straight path, ${pair}`, path],
            [`J, ${pair}`, jeffreys],
          ] as const
        }),
      ]),
    },
  }
}

const directionsTable = ({ directions }: PullbackAnalysis): ReportTable => ({
  title: 'What the leading directions do',
  head: ['direction', 'tokens that rise', 'tokens that fall', 'eigenvalue', 'cost of a unit step'],
  rows: directions.map(({ eigenvalue, cost, rising, falling }, index) => [
    `${index + 1}`,
    moved(rising),
    moved(falling),
    formatNumber(eigenvalue.value),
    `${formatNumber(cost.value)} nats`,
  ]),
  caption:
    'The tokens whose probability changes fastest along each eigenvector at the mean state, with dp for a unit of length. Along the opposite direction rise and fall change places.',
})

const moved = (tokens: readonly MovedToken[]): string =>
  tokens.map(({ token, flow }) => `${spelled([token])} ${flow > 0 ? '+' : '−'}${Math.abs(flow).toFixed(3)}`).join(', ')

const distancesTable = ({ distances }: PullbackAnalysis): ReportTable => ({
  title: 'How far apart frequent contexts are',
  head: ['contexts', '2 TV', '≤ 2 arccos BC', '≤ straight path', '≤ √J'],
  rows: distances.map(({ from, to, totalVariation, geodesic, path }) => [
    `${spelled(from)} · ${spelled(to)}`,
    ...[totalVariation.value, geodesic.value, path.value, path.limit].map((value) => value.toFixed(4)),
  ]),
  caption:
    'A chain of bounds: the shortest path in g* lies between the second and the third. Where two neighbours agree, the distance is known.',
})
