import { isLeft } from 'fp-ts/lib/Either.js'
import { beforeAll, describe, expect, test } from 'vitest'

import { languageModel } from '../../../examples/language-model.js'
import { drawSvg, drawText } from '../../../dsl/draw/index.js'
import type { Figure } from '../../../src/information/figure.js'
import { analyze } from '../../../src/language-model/analyze.js'
import { type Law, processLaw, textLaw } from '../../../src/language-model/law.js'
import { parseReport, printReport, type Report, reportVersion } from '../../../src/report/codec.js'
import { formatNumber, formatShort } from '../../../src/report/format.js'
import { htmlPage } from '../../../src/report/html.js'
import { spelled } from '../../../src/report/section.js'
import { failingIn, figuresOf, sectionsOf } from '../../../src/report/sections.js'
import { summaryTable } from '../../../src/report/summary.js'
import { shapeOf } from '../../support/language-model.js'
import { valueOf } from '../../support/value-of.js'

const reported = async (law: Law, steps: number): Promise<{ report: Report; page: string }> => {
  const { kernel } = law
  const shape = shapeOf(kernel, 4, 12, 2)
  const decomposition = languageModel({
    symbols: kernel.symbols,
    contextLength: kernel.contextLength,
    embedding: kernel.contextLength * shape.embedding,
    hidden: shape.hidden,
  })
  const analysis = valueOf(
    await analyze(law, decomposition, { architecture: { ...shape, kind: 'mlp' }, steps, seed: 1, backend: 'cpu' }),
  )
  const report: Report = {
    format: 'markovcat-report',
    version: reportVersion,
    diagram: drawText(decomposition.kGen),
    ...analysis,
  }
  return { report, page: htmlPage(report, drawSvg(decomposition.kGen, { title: 'k_gen' })) }
}

let process: Report
let page: string
let text: Report
beforeAll(async () => {
  ;({ report: process, page } = await reported(valueOf(processLaw('mess3(x=0.05,a=0.85)', 3)), 60))
  ;({ report: text } = await reported(valueOf(textLaw('own', 'it was the best of times <&> '.repeat(9), 1)), 30))
})

/** A copy with another value somewhere. */
const changed = (report: Report, change: (document: Record<string, Record<string, unknown>>) => void): string => {
  const document = JSON.parse(printReport(report))
  change(document)
  return JSON.stringify(document)
}

describe('report.json', () => {
  test('a process and a text come back as they were', () => {
    for (const report of [process, text]) expect(valueOf(parseReport(printReport(report)))).toEqual(report)
  })

  test('what a text does not have is not there', () => {
    expect(text.data.process).toBeUndefined()
    expect(printReport(text)).not.toContain('excessEntropy')
    expect(printReport(process)).toContain('excessEntropy')
  })

  test.each([
    [1, /version 1.*reads version 2.*markovcat analyze/],
    [3, /version 3.*reads version 2.*newer markovcat/],
  ])('a report of version %i is refused with what to do', (version, message) => {
    const refused = parseReport(changed(process, (document) => Object.assign(document, { version })))
    if (!isLeft(refused)) throw new Error('it was taken')
    expect(`${refused.left.what}: ${refused.left.remedy}`).toMatch(message)
  })

  test.each([
    ['calibration', 'gap'],
    ['calibration', 'momentResidual'],
    ['drafting', 'usable'],
    ['pullback', 'ball'],
    ['alignment', 'surrogate'],
    ['data', 'information'],
  ])('with nothing for %s.%s it is refused, and the place is named', (section, name) => {
    const refused = parseReport(
      changed(process, (document) => Object.assign(document, { [section]: { ...document[section], [name]: null } })),
    )
    expect(refused).toMatchObject({ left: { kind: 'malformed', where: expect.stringContaining(`${section}.${name}`) } })
  })

  test('a score cannot be called dependent on the basis that is not', () => {
    const forged = changed(process, (document) =>
      Object.assign(document['alignment']!, {
        pillai: { ...process.alignment.pillai, invariant: false },
      }),
    )
    expect(isLeft(parseReport(forged))).toBe(true)
  })
})

/** Every figure of a report, wherever it is. */
const figuresIn = (value: unknown): readonly Figure[] =>
  typeof value !== 'object' || value === null
    ? []
    : 'kind' in value && 'statement' in value
      ? [value as Figure]
      : Object.values(value).flatMap(figuresIn)

describe('report.html', () => {
  test('every identity and bound of the document holds, and the page says so', () => {
    const figures = figuresIn(process)
    expect(figures.filter((figure) => figure.kind !== 'measurement' && !figure.holds)).toEqual([])
    expect(figures.length).toBeGreaterThan(300)
    expect(failingIn(sectionsOf(process))).toEqual([])
    expect(page).toContain('Every identity and every bound on this page holds')
  })

  test('a figure that fails is named at the top and marked where it stands', () => {
    const broken: Report = {
      ...process,
      calibration: { ...process.calibration, gap: { ...process.calibration.gap, residual: 1, holds: false } },
    }
    expect(failingIn(sectionsOf(broken))).toEqual(['NLL − H̄, entropy calibration'])
    const html = htmlPage(broken, '<svg></svg>')
    expect(html).toContain('These do not hold: NLL − H̄, entropy calibration')
    expect(html).toContain('<tr class="bad">')
    expect(summaryTable(broken)).toContain('these do not hold: NLL − H̄, entropy calibration')
  })

  test('stands alone: no scripts, nothing fetched, no text that is taken for markup', () => {
    expect(page).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)|<link|url\(/)
    expect(htmlPage({ ...text, law: { ...text.law, name: '<b>own</b>' } }, '')).not.toContain('<b>own')
  })

  test('has the screen: two curves, four captured fractions with band, baselines and reference', () => {
    const [, training] = sectionsOf(process)
    expect(training!.plots.map(({ title }) => title)).toEqual([
      'Divergence and calibration',
      'Loss',
      'Captured fraction, Bhattacharyya',
      'Captured fraction, linear',
      'Captured fraction, canonical correlation',
      'Captured fraction, log-ratio',
    ])
    expect(training!.lights.map(({ holds }) => holds)).toEqual([true, true, true])
    for (const { svg } of training!.plots.slice(2))
      for (const label of ['trained', 'untrained', 'shuffled targets', 'surrogate’s optimum'])
        expect(svg).toContain(`>${label}</text>`)
    // The band of chance is an area, and the reference a dashed line.
    expect(training!.plots[2]!.svg).toMatch(/aria-label="area"/)
    expect(training!.plots[2]!.svg).toContain('stroke-dasharray')
  })

  test('every section says something in plain words, and every figure is named once in it', () => {
    for (const section of sectionsOf(process)) {
      expect(section.plain.join(' ').length, section.title).toBeGreaterThan(100)
      const names = figuresOf(section).map(({ name }) => name)
      expect(new Set(names).size, section.title).toBe(names.length)
      expect(page).toContain(`<h2>${section.title}</h2>`)
    }
  })

  test('scores that depend on the basis say so', () => {
    const marked = sectionsOf(process)
      .flatMap(figuresOf)
      .filter(({ note }) => note === 'depends on the basis')
    expect(marked).toHaveLength(12)
    expect(marked.every(({ name }) => /CKA|Procrustes|Rayleigh/.test(name))).toBe(true)
  })
})

describe('words', () => {
  test('over-confident, under-confident, and as sure as it should be', () => {
    const saying = (gap: number): string => {
      const calibration = { ...process.calibration, gap: { ...process.calibration.gap, value: gap } }
      return sectionsOf({ ...process, calibration })[0]!.plain[0]!
    }
    expect(saying(0.2)).toContain('over-confident')
    expect(saying(-0.2)).toContain('under-confident')
    expect(saying(1e-5)).toContain('as sure as it should be')
  })

  test('a law with too many words for drafters says so', () => {
    expect(sectionsOf({ ...process, drafting: undefined })[3]!.plain.join(' ')).toContain('too many words')
  })

  test('contexts, numbers', () => {
    expect(spelled(['t', ' '])).toBe('t␣')
    expect(spelled(['no', 'A'])).toBe('no A')
    expect([formatNumber(0.123456789), formatShort(0.123456789), formatShort(-2)]).toEqual(['0.123457', '0.1235', '−2'])
  })
})

test('the summary has each section and its first figures, and no more', () => {
  const table = summaryTable(process)
  expect(table).toMatch(/^quantity +value +unit +kind +held against$/m)
  expect(table).toMatch(/^NLL − H̄, entropy calibration +-?[\d.e-]+ +nats +identity +residual/m)
  expect(table).toMatch(/^excess entropy E +[\d.]+ +nats +bound +at most [\d.]+$/m)
  expect(table).toMatch(/^usable surplus, K = 2 +[\d.]+ +nats +bound +at most [\d.]+; untrained/m)
  expect(table).toMatch(/^captured fraction, log-ratio .*surrogate’s optimum [\d.]+; above chance/m)
  expect(table).not.toContain('CKA')
  expect(table).toMatch(/^all \d+ identities and bounds of the report hold$/m)
})
