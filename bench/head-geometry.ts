/**
 * What the geometry of a large head costs: the leading eigenpairs of the pullback metric from products alone, its bounds, and paths.
 *
 * Every number is a measurement on this machine, of one run after one product to warm up. Memory is that of the process; the head alone
 * takes V D times 8 bytes.
 */
import { headDistribution } from '../src/language-model/head-divergence.js'
import { enclosingBall } from '../src/language-model/head-geometry-curvature.js'
import { directionMeaning } from '../src/language-model/head-geometry-direction.js'
import { leadingPullback, pullbackOperator } from '../src/language-model/head-geometry-operator.js'
import { straightPath } from '../src/language-model/head-geometry-path.js'
import { topTokens, truncateHead } from '../src/language-model/head-geometry-truncation.js'
import { standardNormals } from '../src/linear-algebra/standard-normal.js'
import { table } from './language/table.js'

const sizes = [
  [8192, 256],
  [50_000, 768],
] as const

const timed = <A>(run: () => A): readonly [A, number] => {
  const start = performance.now()
  return [run(), performance.now() - start]
}

const rows: string[][] = []
for (const [symbols, dimension] of sizes) {
  const normals = standardNormals(1)
  const headWeights = new Float64Array(symbols * dimension)
  normals(headWeights)
  // Some directions matter more than others, and a few hundred tokens carry most of the mass.
  for (let k = 0; k < headWeights.length; k++) headWeights[k]! *= 0.2 / (1 + (k % dimension) / 20)
  const headBias = Float64Array.from({ length: symbols }, (_, w) => -1.1 * Math.log1p(w))
  const hidden = new Float64Array(dimension)
  normals(hidden)
  const head = { headWeights, headBias }
  const p = headDistribution(head, hidden)

  pullbackOperator(headWeights, p)(hidden)
  const times = pullbackOperator(headWeights, p)
  const [, product] = timed(() => times(hidden))
  const [found, lanczos] = timed(() => leadingPullback(headWeights, p, 8))
  const tokens = topTokens(p, 4000)
  const [cut, truncation] = timed(() =>
    truncateHead(
      headWeights,
      symbols,
      tokens,
      Array.from(tokens, (w) => p[w]!),
    ),
  )
  const [ball, search] = timed(() => enclosingBall(headWeights, symbols, { tolerance: 0.02 }))
  const [path, walk] = timed(() =>
    straightPath(
      head,
      hidden,
      hidden.map((x) => -x),
    ),
  )
  const leading = Float64Array.from(hidden, (_, i) => found.vectors.entries[i * 8]!)
  const [, meaning] = timed(() => directionMeaning(head, hidden, leading))

  const worst = Math.max(...found.residuals) / found.values[0]!
  rows.push(
    [`V ${symbols}, d ${dimension}: g* v`, `${product.toFixed(0)} ms`, ''],
    [
      '  8 leading eigenpairs',
      `${lanczos.toFixed(0)} ms`,
      `${found.steps} steps, residuals <= ${worst.toExponential(1)}`,
    ],
    ['  truncation to 4,000 tokens', `${truncation.toFixed(0)} ms`, `r = ${cut.remainder.toFixed(4)}`],
    ['  enclosing ball', `${search.toFixed(0)} ms`, `R in [${ball.lowerRadius.toFixed(4)}, ${ball.radius.toFixed(4)}]`],
    [
      '  straight path, 192 nodes',
      `${walk.toFixed(0)} ms`,
      `energy - J = ${(path.energy - path.jeffreys).toExponential(1)}`,
    ],
    ['  what a direction means', `${meaning.toFixed(0)} ms`, ''],
    [
      '  memory',
      `${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`,
      `W alone ${((headWeights.length * 8) / 1e6).toFixed(0)} MB`,
    ],
  )
}
console.log(table(['', 'time', ''], rows))
