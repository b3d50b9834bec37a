/** The figures of hidden states as a table for the terminal, with what they do not say. */
import { figureTable, type TableGroup } from './figure-table.js'
import { formatNumber } from './format.js'
import type { StatesReport } from './states-report.js'

/** The table of a report of hidden states. */
export const statesTable = ({ source, backend, figures, notComputed }: StatesReport): string => {
  const { contexts, chunks, effectiveContexts, correlations } = figures
  const ranges = source.chunks.map(({ first, end }) => (end === first + 1 ? String(first) : `${first} to ${end - 1}`))
  const weighted =
    Math.abs(effectiveContexts - contexts) < 1e-9 * contexts
      ? ''
      : `, with weights that say as much as ${formatNumber(effectiveContexts)}`
  const missing = notComputed.map(({ quantity, because }) => `  ${quantity}: ${because}`)
  return [
    `${source.files.join(', ')}: ${contexts} contexts${weighted}, D = ${source.dimension}, V = ${source.vocabulary}`,
    `${chunks} chunk${chunks === 1 ? '' : 's'}: ${ranges.join(', ')}${chunks < 10 ? '; intervals need at least 10' : ''}`,
    '',
    figureTable(groupsOf(figures)),
    '',
    ...('missing' in correlations ? [`no correlations: ${correlations.missing}`, ''] : []),
    'not to be had from hidden states and next tokens:',
    ...missing,
    ...(backend === undefined ? [] : ['', `kernels ran on ${backend.ran}; ${backend.reason}`]),
  ].join('\n')
}

const groupsOf = (figures: StatesReport['figures']): readonly TableGroup[] => {
  const { nll, entropy, entropies, calibration, overconfidence, gradient, geometry, correlations } = figures
  return [
    {
      title: 'The head',
      figures: [
        { name: 'NLL', figure: nll },
        { name: 'H̄, categorical entropy of k_head, Kullback–Leibler', figure: entropy },
        { name: '  total variation', figure: entropies['total-variation'] },
        { name: '  squared Hellinger', figure: entropies['squared-hellinger'] },
        { name: '  Rényi 1/2', figure: entropies['renyi-1/2'] },
        { name: 'NLL − H̄, calibration', figure: calibration },
        { name: '  over chunks', figure: overconfidence },
        { name: '|grad_W NLL|', figure: gradient.weights },
        { name: '|grad_b NLL|', figure: gradient.bias },
      ],
    },
    {
      title: 'Its geometry',
      figures: [
        { name: 'rank of g*', figure: geometry.rank },
        { name: 'largest eigenvalue of E g*', figure: geometry.curvature },
        { name: 'dimensions that hold the variance of h', figure: geometry.hiddenDimension },
      ],
    },
    {
      title: 'Hidden states and the next token',
      figures:
        'missing' in correlations
          ? []
          : [
              { name: 'Σ ρ², Pillai trace', figure: correlations.raw },
              { name: '  corrected for chance', figure: correlations.corrected },
              ...(correlations.prototypes === undefined
                ? []
                : [{ name: '  by the rows of the head', figure: correlations.prototypes }]),
            ],
    },
  ]
}
