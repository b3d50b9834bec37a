import { describe, expect, test } from 'vitest'

import { languageModel } from '../../../../examples/language-model.js'
import { bound, identity } from '../../../../src/information/figure.js'
import {
  checkClaim,
  type CheckedClaim,
  type ClaimData,
  type Verdict,
} from '../../../../src/language-model/claims/claim.js'
import { checkClaims, claims } from '../../../../src/language-model/claims/claims.js'
import { claimData } from '../../../../src/language-model/claims/data.js'
import { type Law, mobyDickLaw, processLaw } from '../../../../src/language-model/law.js'
import { claimsTable } from '../../../../src/report/claims-table.js'
import { valueOf } from '../../../support/value-of.js'

const dataOf = async (law: Law, hidden: number, steps: number): Promise<ClaimData> => {
  const { symbols, contextLength } = law.kernel
  const shape = { symbols: symbols.length, contextLength, embedding: 8, width: 64, hidden }
  const decomposition = languageModel({ symbols, contextLength, embedding: contextLength * 8, hidden })
  return valueOf(await claimData(law, decomposition, { shape, steps, seed: 1 }))
}

/** The verdict of every statement of the paper, as the specification has it. */
const verdicts: Readonly<Record<string, Verdict>> = {
  'Def 2.1': 'holds as corrected',
  'Def 2.2': 'holds',
  'Thm 2.4': 'holds',
  'Def 2.5(1)': 'holds as corrected',
  'Def 2.5(2)': 'holds',
  'Rem 2.6': 'holds as corrected',
  '3.1-3.3': 'holds',
  '(4.1)': 'holds',
  '(4.2)': 'holds as corrected',
  '4.1 text': 'holds as corrected',
  'Def 4.1, 4.4': 'holds',
  'Prop 4.2': 'holds as corrected',
  'Thm 5.1': 'holds',
  'Thm 5.2': 'false as stated',
  '(6.1), (6.2)': 'holds',
  'Thm 6.1': 'holds as corrected',
  'Rem 6.2': 'holds',
  'Prop 6.3': 'holds as corrected',
  '6.1 text': 'false as stated',
  'Thm 7.1': 'false as stated',
  'Cor 7.2': 'holds as corrected',
  'Def 7.3': 'holds as corrected',
  '(7.5)': 'holds as corrected',
  '(7.6)': 'holds',
  'Prop 7.4': 'measured',
  'Def 7.5': 'false as stated',
  'Thm 7.6': 'false as stated',
}

const figureOf = (checked: readonly CheckedClaim[], number: string, statement: RegExp) => {
  const figure = checked
    .find((claim) => claim.number === number)
    ?.figures.find((each) => statement.test(each.statement))
  if (figure === undefined) throw new Error(`${number} has no figure ${String(statement)}`)
  return figure
}

describe('the claims on mess3', async () => {
  const data = await dataOf(valueOf(processLaw('mess3(x=0.05,a=0.85)', 4)), 2, 400)
  const checked = await checkClaims(data)

  test('have the verdicts of the specification, every one with a figure', () => {
    expect(Object.fromEntries(checked.map(({ number, verdict }) => [number, verdict]))).toEqual(verdicts)
    for (const { number, figures } of checked) expect(figures.length, number).toBeGreaterThan(0)
  })

  test('their identities hold to 1e-12', () => {
    for (const { number, figures } of checked)
      for (const figure of figures)
        if (figure.kind === 'identity' && number !== 'Thm 6.1')
          expect(Math.abs(figure.residual), `${number}: ${figure.statement}`).toBeLessThan(1e-12)
  })

  test('their figures are those of the process', () => {
    // math.md, section 2: bits at context 4, of which the surplus of K = 2..4 is .092240, .120824, .127516.
    const bits = [0.09224, 0.120824, 0.127516]
    bits.forEach((value, k) => {
      const figure = figureOf(checked, '(4.2)', new RegExp(`Surplus_${k + 2} >= 0`))
      expect(figure.value / Math.LN2).toBeCloseTo(value, 5)
    })
    // Golden: the counterexamples.
    expect(checked.find(({ number }) => number === 'Thm 7.1')?.counterexample).toContain('0.5858 > 0.3466')
    expect(checked.find(({ number }) => number === 'Def 7.5')?.counterexample).toContain('-0.0193')
    expect(checked.find(({ number }) => number === 'Thm 5.2')?.counterexample).toContain('1.0986')
  })

  test('alignment is shown beside chance and the untrained model', () => {
    const captured = figureOf(checked, 'Thm 7.6', /^captured/)
    if (captured.kind !== 'measurement') throw new Error('alignment is measured')
    expect(captured.value).toBeGreaterThan(0.95)
    expect(captured.null.upper).toBeLessThan(0.4)
    expect(captured.baselines['untrained']).toBeLessThan(0.6)
  })

  test('the table says each statement, its verdict and its figures', () => {
    const table = claimsTable(checked)
    expect(table).toMatch(/Thm 7\.1 +FALSE AS STATED\n +E d\^k <= C E KL/)
    expect(table).toMatch(/27 statements: 11 holds as corrected, 10 holds, 5 false as stated, 1 measured$/)
  })
})

test('the claims on a text', { timeout: 60_000 }, async () => {
  const checked = await checkClaims(await dataOf(valueOf(mobyDickLaw(1)), 4, 60))
  expect(Object.fromEntries(checked.map(({ number, verdict }) => [number, verdict]))).toEqual(verdicts)
})

describe('a claim', async () => {
  const data = await dataOf(valueOf(processLaw('z1r', 2)), 2, 5)
  const claim = { number: '0', statement: 'one is two', expected: 'holds' } as const

  test('fails where a figure of its does not hold', async () => {
    const broken = await checkClaim({ ...claim, check: () => ({ figures: [identity('1 = 2', 1, 2, '1')] }) }, data)
    expect(broken.verdict).toBe('FAILS')
    const beyond = await checkClaim(
      { ...claim, check: () => ({ figures: [bound('1 <= 0', 1, 'at most', 0, '1')] }) },
      data,
    )
    expect(beyond.verdict).toBe('FAILS')
  })

  test('is not called false without a counterexample', async () => {
    const check = () => ({ figures: [] })
    expect((await checkClaim({ ...claim, expected: 'false as stated', check }, data)).verdict).toBe('FAILS')
  })

  test('notices a model whose predictions are not its diagram’s', async () => {
    const wrong = { ...data, pass: { ...data.pass, logProbabilities: data.pass.logProbabilities.map((x) => x - 1e-6) } }
    const found = await Promise.all(claims.map((each) => checkClaim(each, wrong)))
    expect(found.find(({ number }) => number === '3.1-3.3')?.verdict).toBe('FAILS')
  })
})
