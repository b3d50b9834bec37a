import fc from 'fast-check'
import { left } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'

import { hiddenMarkovProcess, type HiddenMarkovProcess } from '../../../src/language-model/hidden-markov.js'
import { parseProcess, processFamilies, processSignatures } from '../../../src/language-model/process.js'
import { valueOf } from '../../support/value-of.js'

const process = (name: string): HiddenMarkovProcess => valueOf(parseProcess(name))
const entry = ({ states, transitions }: HiddenMarkovProcess, w: number, i: number, j: number): number =>
  transitions[(w * states + i) * states + j]!

describe('the processes', () => {
  it('have their stationary distributions', () => {
    const expected: Readonly<Record<string, readonly number[]>> = {
      'golden-mean': [2 / 3, 1 / 3],
      even: [2 / 3, 1 / 3],
      z1r: [1 / 3, 1 / 3, 1 / 3],
      rrxor: [1 / 3, 1 / 6, 1 / 6, 1 / 6, 1 / 6],
      mess3: [1 / 3, 1 / 3, 1 / 3],
      'order-2': [1 / 6, 3 / 8, 3 / 8, 1 / 12],
      cycle8: Array.from({ length: 8 }, () => 1 / 8),
    }
    expect(processFamilies.map(({ name }) => name)).toEqual(Object.keys(expected))
    for (const [name, masses] of Object.entries(expected))
      masses.forEach((mass, state) => {
        expect(process(name).stationary[state]).toBeCloseTo(mass, 14)
      })
  })

  it('are stationary at any parameters: pi T = pi', () => {
    const share = fc.double({ min: 0.01, max: 0.49, noNaN: true })
    fc.assert(
      fc.property(fc.tuple(share, share, share, share), ([a, b, c, d]) => {
        for (const name of [`mess3(x=${a},a=${b})`, `cycle8(a=${c})`, `order-2(q00=${a},q01=${b},q10=${c},q11=${d})`]) {
          const parsed = process(name)
          for (let j = 0; j < parsed.states; j++) {
            let mass = 0
            for (let w = 0; w < parsed.symbols.length; w++)
              for (let i = 0; i < parsed.states; i++) mass += parsed.stationary[i]! * entry(parsed, w, i, j)
            expect(mass).toBeCloseTo(parsed.stationary[j]!, 14)
          }
        }
      }),
    )
  })

  it('mess3 has the published matrices', () => {
    const [x, a] = [0.15, 0.6]
    const [b, y] = [(1 - a) / 2, 1 - 2 * x]
    const published = [
      [a * y, b * x, b * x, a * x, b * y, b * x, a * x, b * x, b * y],
      [b * y, a * x, b * x, b * x, a * y, b * x, b * x, a * x, b * y],
      [b * y, b * x, a * x, b * x, b * y, a * x, b * x, b * x, a * y],
    ]
    const { transitions } = process('mess3(x=0.15,a=0.6)')
    published.flat().forEach((probability, index) => {
      expect(transitions[index]).toBeCloseTo(probability, 15)
    })
  })
})

describe('parseProcess', () => {
  it('reads a name, spaces and parameters in any order, and fills in defaults', () => {
    expect(process('mess3').name).toBe('mess3(x=0.05,a=0.85)')
    expect(process(' mess3 ( a = .6 , x = 1.5e-1 ) ').name).toBe('mess3(x=0.15,a=0.6)')
    expect(process('z1r()').name).toBe('z1r')
    expect(process('order-2(q11=0.3)').name).toBe('order-2(q00=0.9,q01=0.2,q10=0.6,q11=0.3)')
  })

  it('gives a process that its name gives again', () => {
    const share = fc.double({ min: 1e-9, max: 0.5, noNaN: true })
    fc.assert(
      fc.property(share, share, (x, a) => {
        const parsed = process(`mess3(x=${x},a=${a})`)
        expect(process(parsed.name)).toEqual(parsed)
      }),
    )
    for (const name of processSignatures) expect(process(name).name).toBe(name)
  })

  it('lists what exists where a name does not', () => {
    const listed =
      'write one of golden-mean, even, z1r, rrxor, mess3(x=0.05,a=0.85), order-2(q00=0.9,q01=0.2,q10=0.6,q11=0.1), cycle8(a=0.2)'
    expect(parseProcess('mess4')).toMatchObject(left({ kind: 'unknown-name', remedy: listed }))
    expect(parseProcess('mess3(x=0.1')).toMatchObject(left({ kind: 'malformed', remedy: listed }))
    expect(parseProcess('')).toMatchObject(left({ kind: 'malformed', remedy: listed }))
    expect(parseProcess('mess3(y=0.1)')).toMatchObject(
      left({ kind: 'unknown-name', what: "mess3 has no parameter 'y'", remedy: 'it is mess3(x=0.05,a=0.85)' }),
    )
    expect(parseProcess('rrxor(a=0.1)')).toMatchObject(left({ kind: 'unknown-name', remedy: 'write rrxor' }))
  })

  it('refuses values outside the range, and what sets no parameter', () => {
    expect(parseProcess('mess3(x=0.6)')).toMatchObject(
      left({ kind: 'out-of-range', remedy: 'give a number from 0 to 0.5' }),
    )
    expect(parseProcess('cycle8(a=-0.1)')).toMatchObject(left({ kind: 'out-of-range' }))
    for (const assignments of ['x', 'x=', 'x=a', '=1', 'x=1=2', 'x=0.1,', 'x=0.1,x=0.2', 'x=Infinity'])
      expect(parseProcess(`mess3(${assignments})`)).toMatchObject(left({ kind: 'malformed' }))
  })

  it('refuses parameters at which the stationary law is not unique', () => {
    expect(parseProcess('mess3(x=0)')).toMatchObject(
      left({
        kind: 'invalid-value',
        what: 'its hidden states fall into 3 classes that never meet, so it has many stationary laws',
      }),
    )
    expect(parseProcess('order-2(q00=0,q11=1)')).toMatchObject(left({ kind: 'invalid-value' }))
    // One absorbing state is no obstacle: 000... for ever.
    expect(Array.from(process('order-2(q00=0)').stationary)).toEqual([1, 0, 0, 0])
  })
})

describe('hiddenMarkovProcess', () => {
  it('refuses matrices that are no process', () => {
    const build = (matrices: number[][][]) => hiddenMarkovProcess('mine', ['0', '1'], matrices)
    expect(build([[[1]]])).toMatchObject(left({ what: 'the matrices have other shapes' }))
    expect(build([[[0.5, 0.5]], [[0, 0]]])).toMatchObject(left({ what: 'the matrices have other shapes' }))
    expect(build([[[1.5]], [[-0.5]]])).toMatchObject(left({ what: 'an entry is no probability' }))
    expect(build([[[0.5]], [[NaN]]])).toMatchObject(left({ what: 'an entry is no probability' }))
    expect(build([[[0.5]], [[0.25]]])).toMatchObject(
      left({ where: 'mine, state 0', what: 'its probabilities sum to 0.75' }),
    )
    expect(valueOf(build([[[0.25]], [[0.75]]])).stationary[0]).toBe(1)
  })
})
