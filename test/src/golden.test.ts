/** Every number of the two golden files is asserted: what no line below has read makes the last test fail. */
import { existsSync, readFileSync } from 'node:fs'

import { describe, expect, test } from 'vitest'

import { categoricalEntropy } from '../../src/information/categorical-entropy.js'
import {
  chiSquared,
  type Divergence,
  divergence,
  jensenShannon,
  kullbackLeibler,
  renyi,
  squaredHellinger,
  totalVariation,
} from '../../src/information/divergence.js'
import { fisherRaoDistance } from '../../src/information/fisher-rao.js'
import { kernelEntropy } from '../../src/information/kernel-entropy.js'
import { kernelInformation } from '../../src/information/mutual-information.js'
import { entropyCalibration, scoredRows } from '../../src/language-model/calibration.js'
import { chainLedger } from '../../src/language-model/chain-ledger.js'
import { dirichletEnergy } from '../../src/language-model/dirichlet.js'
import {
  headDistribution,
  headJeffreys,
  headKullbackLeibler,
  logPartition,
} from '../../src/language-model/head-divergence.js'
import { lawOfData } from '../../src/language-model/predictive-law.js'
import { parseProcess } from '../../src/language-model/process.js'
import { entropyRateBracket, processBlockEntropies, processKernel } from '../../src/language-model/process-law.js'
import { pullbackMetric, pullbackSpectrum } from '../../src/language-model/pullback.js'
import { canonicalCorrelations, operatorSpectrum, predictiveSpectrum } from '../../src/language-model/similarity.js'
import { type SimilarityKernel, similarityMatrix } from '../../src/language-model/similarity-kernel.js'
import { informationSurplus } from '../../src/language-model/surplus.js'
import { logSoftmax } from '../../src/linear-algebra/log-softmax.js'
import { matrix } from '../../src/linear-algebra/matrix.js'
import { valueOf } from '../support/value-of.js'
import { kernelOf } from './language-model/kernel-support.js'

const folder = '../shared/data/golden'
const absent = !existsSync(`${folder}/processes.json`)

/** The numbers of a file by their paths, and which have been asserted. */
const goldenFile = (name: string) => {
  const left = new Map<string, number>()
  const visit = (value: unknown, path: string): void => {
    if (typeof value === 'number') left.set(path, value)
    else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) visit(inner, path === '' ? key : `${path}|${key}`)
  }
  if (!absent) visit(JSON.parse(readFileSync(`${folder}/${name}.json`, 'utf8')), '')
  const all = new Map(left)
  return {
    left,
    /** The numbers below a path, in their order. */
    given: (path: string): readonly number[] => {
      const found = [...all].filter(([key]) => key === path || key.startsWith(`${path}|`))
      found.forEach(([key]) => left.delete(key))
      return found.map(([, value]) => value)
    },
    asserted(path: string, numbers: Iterable<number>, tolerance = 1e-13): void {
      const expected = this.given(path)
      const computed = Array.from(numbers)
      expect(computed.length, path).toBeGreaterThanOrEqual(expected.length)
      expected.forEach((value, k) => {
        const limit = tolerance * Math.max(1, Math.abs(value))
        expect(Math.abs(computed[k]! - value), `${path}, ${k}: ${computed[k]} for ${value}`).toBeLessThan(limit)
      })
    },
  }
}

describe.skipIf(absent)(`golden numbers${absent ? ` (skipped: ${folder} is not there)` : ''}`, () => {
  test('numerics.json', () => {
    const file = goldenFile('numerics')
    const entropies: Readonly<Record<string, Divergence>> = {
      KL: kullbackLeibler,
      TV: totalVariation,
      'H2_1-BC': squaredHellinger,
      'Renyi1/2': renyi(0.5),
      Renyi2: renyi(2),
      Renyi3: renyi(3),
      Renyi0: renyi(0),
      RenyiInf: renyi(Infinity),
      chi2: chiSquared,
      JS: jensenShannon,
    }
    const at = 'cat_entropy p=(.5,.3,.2) nats'
    for (const [name, d] of Object.entries(entropies))
      file.asserted(`${at}|${name}`, [categoricalEntropy(d, [0.5, 0.3, 0.2])])
    file.asserted(`${at}|H2_2(1-BC)`, [2 * categoricalEntropy(squaredHellinger, [0.5, 0.3, 0.2])])

    const floats = (path: string): Float64Array => Float64Array.from(file.given(path))
    const head = { headWeights: floats('pullback|W'), headBias: floats('pullback|b') }
    const [from, to] = [floats('pullback|h'), floats('pullback|h2')]
    const [p, q] = [headDistribution(head, from), headDistribution(head, to)]
    const spectrum = pullbackSpectrum(head.headWeights, p)
    const bregman = logPartition(head, to) - logPartition(head, from)
    const mean = [0, 1].map((i) => p.reduce((sum, mass, w) => sum + mass * head.headWeights[2 * w + i]!, 0))
    for (const [name, numbers] of Object.entries<Iterable<number>>({
      p,
      p2: q,
      g: pullbackMetric(head.headWeights, p).entries,
      eig: spectrum.values,
      trace: [spectrum.trace],
      logZ: [logPartition(head, from)],
      'KL(p_h||p_h2)': [headKullbackLeibler(head, from, to)],
      Bregman: [bregman - mean[0]! * (to[0]! - from[0]!) - mean[1]! * (to[1]! - from[1]!)],
      Jeffreys: [headJeffreys(head, from, to)],
      BC: [1 - divergence(squaredHellinger, p, q)],
      'FR=2acos BC': [fisherRaoDistance(p, q)],
      TV: [divergence(totalVariation, p, q)],
      JS: [divergence(jensenShannon, p, q)],
    }))
      file.asserted(`pullback|${name}`, numbers)

    const kernel = kernelOf(file.given('kernels|mu'), file.given('kernels|P'))
    const phi = floats('kernels|phi')
    const kernels: Readonly<Record<string, SimilarityKernel>> = {
      BC: { kind: 'bhattacharyya' },
      'HellingerGauss b=1 (d2=2(1-BC))': { kind: 'gaussian-hellinger', rate: 1 },
      Lin: { kind: 'linear' },
      'expJS b=1': { kind: 'exponential-jensen-shannon', rate: 1 },
      'CCA/chi2': { kind: 'cca' },
    }
    for (const [name, similarity] of Object.entries(kernels)) {
      const { rows, columns, entries } = valueOf(similarityMatrix(similarity, kernel))
      // The golden kernel of canonical correlation is the centred one.
      const isCentred = similarity.kind === 'cca'
      const k = matrix(
        rows,
        columns,
        entries.map((entry) => entry - (isCentred ? 1 : 0)),
      )
      const { centred, uncentred } = valueOf(predictiveSpectrum(lawOfData(kernel), similarity))
      file.asserted(`kernels|${name}|K`, k.entries)
      file.asserted(`kernels|${name}|eig M_K`, isCentred ? centred : uncentred)
      file.asserted(`kernels|${name}|eig centred`, centred)
      file.asserted(`kernels|${name}|Dirichlet`, [dirichletEnergy(k, kernel.weights, phi).raw])
    }
    file.asserted('kernels|canonical corr', canonicalCorrelations(operatorSpectrum(kernel, 'cca')))
    file.asserted('kernels|I(X;W)', [kernelInformation(kernel.weights, kernel.next)])
    file.asserted('kernels|chi2 info', [kernelInformation(kernel.weights, kernel.next, chiSquared)])

    const logits = floats('nll|logits')
    const calibration = valueOf(
      entropyCalibration(scoredRows(logits, { kind: 'laws', laws: kernel.next }, kernel.weights)),
    )
    const dataEntropy = kernelEntropy(kullbackLeibler, kernel.weights, kernel.next).mean
    file.asserted('nll|NLL', [calibration.nll])
    file.asserted('nll|H_data', [dataEntropy])
    file.asserted('nll|Hbar_model', [calibration.entropy])
    file.asserted('nll|NLL-Hbar', [calibration.gap])
    const rows = [0, 3, 6].flatMap((start) => Array.from(logSoftmax(logits.subarray(start, start + 3))))
    file.asserted('nll|KL', [valueOf(chainLedger(kernel, [], Float64Array.from(rows))).divergence])
    const merged = Float64Array.from([...rows.slice(0, 3), ...rows.slice(3, 6), ...rows.slice(3, 6)])
    const [line] = valueOf(chainLedger(kernel, [{ name: 'H', classes: [0, 1, 1] }], merged)).lines
    file.asserted('nll|encoder merge contexts 1,2: I(W;X|H)', [line!.loss])
    file.asserted('nll|I(W;H)', [line!.information])
    expect([...file.left.keys()]).toEqual([])
  })

  test('processes.json', () => {
    const file = goldenFile('processes')
    const names: Readonly<Record<string, string>> = {
      golden_mean: 'golden-mean',
      'order2 q=[[.9,.2],[.6,.1]]': 'order-2',
      rrxor: 'rrxor',
      'mess3 x=.05 a=.85': 'mess3(x=0.05,a=0.85)',
      'cycle8 a=.2': 'cycle8(a=0.2)',
    }
    const bits = (nats: number): number => nats / Math.LN2
    for (const [key, name] of Object.entries(names)) {
      const process = valueOf(parseProcess(name))
      const entropies = processBlockEntropies(process)
      file.asserted(`${key}|pi`, process.stationary, 1e-6)
      file.asserted(`${key}|H1`, [bits(entropies.of(1))])
      const blocks = Array.from({ length: 8 }, (_, n) => bits(entropies.of(n + 1)))
      file.asserted(`${key}|blockH[1..8]`, blocks, 1e-12)

      // The file does not say the N of its bounds, which conditions the lower one on a symbol more or less.
      const [upper] = file.given(`${key}|h_N(upper)`)
      const lengths = Array.from(
        { length: process.symbols.length === 2 ? 18 : Math.min(13, entropies.longest) },
        (_, n) => n + 1,
      )
      const brackets = lengths.flatMap((n) => {
        const bracket = entropyRateBracket(process, n)
        return bracket._tag === 'Right'
          ? [{ n, lower: bits(bracket.right.lower), upper: bits(bracket.right.upper) }]
          : []
      })
      const at = brackets.filter((bracket) => Math.abs(bracket.upper - upper!) < 1e-12)
      expect(at.length, `${name}: an N for ${upper}`).toBeGreaterThan(0)
      const [lower] = file.given(`${key}|h_lower`)
      const [rate] = file.given(`${key}|h`)
      const found = brackets.find((bracket) => Math.abs(bracket.lower - lower!) < 1e-12)
      expect(found, `${name}: lower ${lower}`).toBeDefined()
      expect(rate).toBeGreaterThanOrEqual(found!.lower - 1e-12)
      expect(rate).toBeLessThanOrEqual(found!.upper + 1e-12)
      const [excess] = file.given(`${key}|E_N`)
      const excesses = lengths.map((n) => bits(entropies.of(n)) - n * rate!)
      expect(Math.min(...excesses.map((each) => Math.abs(each - excess!))), `${name}: E`).toBeLessThan(1e-11)

      const infinite = [2, 3, 4, 5, 6].map((k) => bits(entropies.of(k)) - bits(entropies.of(1)) - (k - 1) * rate!)
      file.asserted(`${key}|surplus_inf_past K=2..6`, infinite, 1e-11)
      for (const n of [4, 6]) {
        const path = `${key}|surplus n=${n} ctx, K=2..5`
        const count = file.given(path).length
        const surplus = [2, 3, 4, 5].slice(0, count).map((k) => bits(valueOf(informationSurplus(entropies, n, k))))
        file.asserted(path, surplus, 1e-11)
      }
      const contextLength = name.startsWith('rrxor') || name.startsWith('mess3') ? 6 : 1
      const kernel = valueOf(processKernel(process, contextLength))
      for (const [label, d] of Object.entries({
        KL: kullbackLeibler,
        TV: totalVariation,
        'H2=1-BC': squaredHellinger,
        'Renyi1/2->H_3/2': renyi(0.5),
        JS: jensenShannon,
        chi2: chiSquared,
      }))
        file.asserted(
          `${key}|cat_entropy_nats n=6|${label}`,
          [kernelEntropy(d, kernel.weights, kernel.next).mean],
          1e-12,
        )
      const spectra = `${key}|spectra n=${contextLength}`
      const sigma = canonicalCorrelations(operatorSpectrum(kernel, 'cca'))
      file.asserted(`${spectra}|canonical corr sigma_i (context,next token)`, sigma, 1e-12)
      for (const [label, similarity] of [
        ['Lin', 'linear'],
        ['BC', 'bhattacharyya'],
      ] as const) {
        const { uncentred, centred } = operatorSpectrum(kernel, similarity)
        file.asserted(`${spectra}|eig M_${label} (uncentred)`, uncentred, 1e-12)
        file.asserted(`${spectra}|eig M_${label} (centred)`, centred, 1e-12)
      }
    }
    expect([...file.left.keys()]).toEqual([])
  })
})
