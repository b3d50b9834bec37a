/**
 * Findings F4 to F8 of section 3, each as rows of a table: what was given, and what comes out here.
 */
import { initialParameters } from '../../src/language-model/architecture.js'
import { hiddenCorrelations, momentsOfLaw, pillaiTrace } from '../../src/language-model/alignment-moments.js'
import type { DataKernel } from '../../src/language-model/data-kernel.js'
import { centredRayleigh, dirichletEnergyOfFeatures } from '../../src/language-model/dirichlet.js'
import { draftLaw, surplusUnder } from '../../src/language-model/draft-law.js'
import { processLaw } from '../../src/language-model/law.js'
import { mlpPass } from '../../src/language-model/mlp.js'
import type { Architecture } from '../../src/language-model/model.js'
import { forwardOnLaw } from '../../src/language-model/objective.js'
import { initialise, modelShape } from '../../src/language-model/initialise.js'
import { lawOfData, ownPredictions } from '../../src/language-model/predictive-law.js'
import { parseProcess } from '../../src/language-model/process.js'
import { processWords } from '../../src/language-model/process-law.js'
import { inFloat64 } from '../../src/language-model/products.js'
import { selfAlignment } from '../../src/language-model/self-alignment.js'
import { shuffleTargets } from '../../src/language-model/shuffled-targets.js'
import { predictiveSpectrum } from '../../src/language-model/similarity.js'
import { kernelFeatures } from '../../src/language-model/similarity-kernel.js'
import { usableSurplusOfLaw } from '../../src/language-model/usable-surplus.js'
import { uniformAt } from '../../src/category/sampler/addressed-randomness.js'
import { standardNormals } from '../../src/linear-algebra/standard-normal.js'
import { adamCurve, pointAt } from './curve.js'
import { fixed, spread } from './print.js'
import { mlpOf, tableOf } from './rows.js'
import { spreadOf } from './shape.js'
import { letters, orThrow, type Text } from './texts.js'

export interface FindingSettings {
  readonly text: Text
  readonly seeds: number
  readonly steps?: number
  readonly onProgress: (what: string) => void
}

export interface Finding {
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

const seedsOf = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1)

const collect = async <A>(seeds: number, of: (seed: number) => Promise<A>): Promise<readonly A[]> => {
  const all: A[] = []
  for (const seed of seedsOf(seeds)) all.push(await of(seed))
  return all
}

const over = (runs: readonly (readonly number[])[], column: number, digits = 3): string =>
  spread(spreadOf(runs.map((run) => run[column]!)), digits)

/** F4: hidden states against the operator of their own model's predictions. */
export const selfAlignmentTrap = async ({
  text,
  seeds,
  steps = 4000,
  onProgress,
}: FindingSettings): Promise<Finding> => {
  const models: readonly (readonly [string, DataKernel, (kernel: DataKernel) => Architecture, number])[] = [
    ['letters, table d = 4', letters(text, 1), (kernel) => tableOf(kernel, 4), 0.03],
    ['letters, two before, MLP d = 8', letters(text, 2), (kernel) => mlpOf(kernel, 8), 0.003],
  ]
  const rows: (readonly string[])[] = []
  for (const [name, kernel, model, learningRate] of models) {
    const runs = await collect(seeds, async (seed) => {
      onProgress(`F4, ${name}, seed ${seed}`)
      const architecture = model(kernel)
      const overlap = (parameters: Float64Array): number => {
        const { hidden, logProbabilities } = forwardOnLaw(architecture, parameters, kernel)
        const own = ownPredictions(name, kernel.weights, logProbabilities)
        const spectrum = orThrow(predictiveSpectrum(own, { kind: 'bhattacharyya' }))
        return orThrow(selfAlignment(hidden, kernel.weights, spectrum)).scores.overlap
      }
      const { parameters } = await adamCurve(architecture, kernel, { seed, steps, learningRate }, [])
      return [overlap(initialParameters(architecture, seed)), overlap(parameters)]
    })
    rows.push([name, '1.000 (small start) -> .52-.77', over(runs, 0), over(runs, 1)])
  }
  return {
    title: 'F4. Overlap with the Bhattacharyya operator of the model’s OWN predictions: no finding about the data',
    head: ['', 'math.md', 'untrained', 'trained'],
    rows,
  }
}

interface TrigramStates {
  readonly untrained: Float64Array
  readonly trained: Float64Array
  readonly shuffled: Float64Array
  readonly shuffledLaw: DataKernel
}

const trigramStates = async (kernel: DataKernel, seed: number, steps: number): Promise<TrigramStates> => {
  const model = mlpOf(kernel, 8)
  const settings = { seed, steps, learningRate: 0.003 }
  const shuffledLaw = shuffleTargets(kernel, seed)
  const hiddenOf = (parameters: Float64Array): Float64Array => forwardOnLaw(model, parameters, kernel).hidden
  return {
    untrained: hiddenOf(initialParameters(model, seed)),
    trained: hiddenOf((await adamCurve(model, kernel, settings, [])).parameters),
    shuffled: hiddenOf((await adamCurve(model, shuffledLaw, settings, [])).parameters),
    shuffledLaw,
  }
}

const randomStates = (kernel: DataKernel, seed: number): Float64Array => {
  const states = new Float64Array(8 * kernel.weights.length)
  standardNormals(seed)(states)
  return states
}

/** F5: normalised Dirichlet energies and Rayleigh quotients of an MLP, d = 8. */
export const dirichletControl = async ({
  text,
  seeds,
  steps = 6000,
  onProgress,
}: FindingSettings): Promise<Finding> => {
  const kernel = letters(text, 2)
  const kind = 'bhattacharyya'
  const energiesAgainst = (law: DataKernel, hidden: Float64Array): readonly number[] => {
    const features = orThrow(kernelFeatures({ kind }, law))
    const { raw, normalised, randomWalk } = dirichletEnergyOfFeatures(features, law.weights, hidden)
    const spectrum = orThrow(predictiveSpectrum(lawOfData(law), { kind }))
    return [normalised, randomWalk, centredRayleigh(hidden, law.weights, spectrum), raw]
  }
  const runs = await collect(seeds, async (seed) => {
    onProgress(`F5, seed ${seed}`)
    const { untrained, trained, shuffled, shuffledLaw } = await trigramStates(kernel, seed, steps)
    return [
      energiesAgainst(kernel, randomStates(kernel, seed)),
      energiesAgainst(kernel, untrained),
      energiesAgainst(kernel, trained),
      energiesAgainst(shuffledLaw, trained),
      energiesAgainst(shuffledLaw, shuffled),
      energiesAgainst(kernel, shuffled),
    ]
  })
  const names = [
    ['random', '.986, .994, .030'],
    ['untrained', '.998, .985, .073'],
    ['trained on true', '.814, .875, .549'],
    ['trained on true, against a shuffled kernel', '1.006, .989, .037'],
    ['trained on shuffled, against its own kernel', '.757, .878, -'],
    ['trained on shuffled, against the true kernel', '1.017, .992, -'],
  ] as const
  return {
    title:
      'F5. Dirichlet energy / (Var mean K), its random-walk form, centred Rayleigh quotient / lambda_1: Bhattacharyya kernel, MLP d = 8',
    head: ['', 'math.md', 'energy', 'random walk', 'Rayleigh', 'raw energy'],
    rows: names.map(([name, given], place) => {
      const each = runs.map((run) => run[place]!)
      return [name, given, over(each, 0), over(each, 1), over(each, 2), over(each, 3, 2)]
    }),
  }
}

/** F6: NLL - Hbar and Hbar - H_data against KL, d = 8. */
export const entropyIdentity = async ({ text, seeds, steps = 6000, onProgress }: FindingSettings): Promise<Finding> => {
  const rows: (readonly string[])[] = []
  for (const [name, contextLength, given] of [
    ['letters, one before, table d = 8', 1, 'KL .0148, Hbar - H_data .0149'],
    ['letters, two before, table d = 8', 2, 'KL .0655, Hbar - H_data .0655'],
  ] as const) {
    const kernel = letters(text, contextLength)
    const model = tableOf(kernel, 8)
    const runs = await collect(seeds, async (seed) => {
      onProgress(`F6, ${name}, seed ${seed}`)
      const settings = { seed, steps: contextLength === 1 ? steps : Math.min(steps, 2000), learningRate: 0.03 }
      const { parameters } = await adamCurve(model, kernel, settings, [])
      const { divergence, excess, overconfidence } = pointAt(model, parameters, kernel, steps)
      return [divergence, excess, overconfidence]
    })
    rows.push([name, given, over(runs, 0, 5), over(runs, 1, 5), over(runs, 2, 6)])
  }
  return {
    title: 'F6. At the end of a training NLL - Hbar is about zero, and Hbar - H_data about KL (nats)',
    head: ['', 'math.md', 'KL', 'Hbar - H_data', 'NLL - Hbar'],
    rows,
  }
}

/** So many pairs of context and next token, drawn from a law. */
const samplePairs = ({ weights, next, symbols }: DataKernel, count: number, seed: number) => {
  const draw = (uniform: number, masses: Float64Array): number => {
    let sum = 0
    for (let outcome = 0; outcome < masses.length; outcome++) if (uniform < (sum += masses[outcome]!)) return outcome
    return masses.length - 1
  }
  const width = symbols.length
  const contexts = Int32Array.from({ length: count }, (_, index) => draw(uniformAt(seed, 0, index, 0), weights))
  const tokens = contexts.map((x, index) =>
    draw(uniformAt(seed, 0, index, 1), next.subarray(x * width, (x + 1) * width)),
  )
  return { contexts, tokens }
}

/** F7: the Pillai trace of pairs, raw and corrected, against that of the law. */
export const pillaiOfPairs = async ({ text, seeds, steps = 6000, onProgress }: FindingSettings): Promise<Finding> => {
  const kernel = letters(text, 2)
  const law = lawOfData(kernel)
  const most = orThrow(predictiveSpectrum(law, { kind: 'cca' })).centred.subarray(0, 8)
  const population = (hidden: Float64Array): number =>
    orThrow(hiddenCorrelations(orThrow(momentsOfLaw(law, hidden)))).reduce((sum, rho) => sum + rho * rho, 0)
  const sizes = [500, 2000, 20_000] as const
  const runs = await collect(seeds, async (seed) => {
    onProgress(`F7, seed ${seed}`)
    const { untrained, trained, shuffled } = await trigramStates(kernel, seed, steps)
    return [untrained, trained, shuffled].map((hidden) => {
      const pillais = sizes.flatMap((size) => {
        const { contexts, tokens } = samplePairs(kernel, size, seed)
        const states = new Float64Array(8 * size)
        contexts.forEach((x, index) => states.set(hidden.subarray(8 * x, 8 * x + 8), 8 * index))
        const { raw, corrected } = orThrow(pillaiTrace(states, tokens, kernel.symbols.length))
        return [raw, corrected]
      })
      return [population(hidden), ...pillais]
    })
  })
  const given = [
    ['untrained', '.344; .678 -> .316; .352; .349'],
    ['trained', '1.259; 1.543 -> 1.221; 1.232; 1.260'],
    ['trained on shuffled targets', '.313; .579 -> .227; .283; .301'],
  ] as const
  return {
    title: `F7. Pillai trace of N pairs, raw -> corrected, and of the law; at most ${fixed(
      most.reduce((sum, value) => sum + value, 0),
    )} (math.md 2.070); MLP d = 8`,
    head: ['', 'math.md', 'the law', 'N = 500', 'N = 2000', 'N = 20,000'],
    rows: given.map(([name, reference], place) => {
      const each = runs.map((run) => run[place]!)
      return [name, reference, over(each, 0), ...[1, 3, 5].map((at) => `${over(each, at)} -> ${over(each, at + 1)}`)]
    }),
  }
}

const usableCases = [
  ['rrxor', 6, 2, 'exact .1533; h .018 -> .0002; layer .153, .153'],
  ['rrxor', 6, 4, 'exact .1533; h .047 -> .036'],
  ['even', 6, 2, 'exact .1259; h .006 -> .092'],
  ['mess3(x=0.05,a=0.85)', 5, 2, 'exact .0642; h .0087 -> .0595'],
  ['z1r', 6, 2, 'exact .4055; h .356 -> .398'],
] as const

/** F8: what linear softmax probes, one for each token, read of the surplus in hidden states, before and after training. */
export const usableSurplusTable = async ({ seeds, steps = 2000, onProgress }: FindingSettings): Promise<Finding> => {
  const probe = { gradientTolerance: 1e-6, mostIterations: 300 }
  const rows: (readonly string[])[] = []
  for (const [name, contextLength, hidden, given] of usableCases) {
    const { kernel } = orThrow(processLaw(name, contextLength))
    const process = orThrow(parseProcess(name))
    const law = orThrow(draftLaw(orThrow(processWords(process, contextLength + 2)), contextLength))
    const shape = orThrow(modelShape(kernel, { hidden }))
    const architecture = mlpOf(kernel, hidden)
    const runs = await collect(seeds, async (seed) => {
      onProgress(`F8, ${name}, d = ${hidden}, seed ${seed}`)
      const { parameters } = await adamCurve(architecture, kernel, { seed, steps, learningRate: 0.01 }, [])
      const usable = (states: Float64Array): number => usableSurplusOfLaw(law, states, 'per-token', probe)
      const layer = inFloat64(mlpPass(shape, initialise(shape, seed), kernel.contexts)).layer.entries
      const before = forwardOnLaw(architecture, initialParameters(architecture, seed), kernel).hidden
      const after = forwardOnLaw(architecture, parameters, kernel).hidden
      const { divergence } = pointAt(architecture, parameters, kernel, steps)
      return [usable(before), usable(after), usable(layer), divergence]
    })
    rows.push([
      `${name}, n = ${contextLength}, d = ${hidden}`,
      given,
      fixed(surplusUnder(law), 4),
      over(runs, 0, 4),
      over(runs, 1, 4),
      `${runs.filter((run) => run[1]! > run[0]!).length}/${runs.length}`,
      over(runs, 2, 4),
      over(runs, 3, 5),
    ])
  }
  return {
    title: 'F8. Usable surplus of K = 2 (nats) in hidden states, untrained and trained',
    head: ['', 'math.md', 'exact', 'untrained', 'trained', 'rises for', 'untrained layer of 64', 'KL'],
    rows,
  }
}
