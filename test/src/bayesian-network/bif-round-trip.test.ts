import fc from 'fast-check'
import { isLeft, left } from 'fp-ts/lib/Either.js'
import { describe, expect, it, test } from 'vitest'

import { showProblem } from '../../../dsl/problem.js'
import { parseBif } from '../../../src/bayesian-network/bif.js'
import { bayesianNetwork, type BayesianNetwork, type NetworkVariable } from '../../../src/bayesian-network/network.js'
import { printBif } from '../../../src/bayesian-network/print-bif.js'
import { ratio } from '../../../src/category/rational.js'
import { bifOf, networkFolder, networksAreThere } from '../../support/bayesian-networks.js'
import { valueOf } from '../../support/value-of.js'
import { dogProblem } from './small-network.js'
import { expectValid } from './valid-network.js'

/** Somebody's accidents with a text. */
const accidents = fc.array(
  fc.record({
    kind: fc.constantFrom(
      'delete',
      'insert',
      'replace',
      'move line',
      'duplicate line',
      'delete token',
      'swap tokens',
      'truncate',
    ),
    at: fc.nat(99_999),
    other: fc.nat(99_999),
    with: fc.oneof(
      fc.constantFrom(
        '{',
        '}',
        '(',
        ')',
        '[',
        ']',
        ';',
        ',',
        '|',
        '"',
        '//',
        '/*',
        '*/',
        '\n',
        ' ',
        '-',
        '1e999999',
        '1e-4000',
        '9',
      ),
      fc.constantFrom(
        'property',
        'default',
        'table',
        'variable',
        'probability',
        'network',
        'type',
        'discrete',
        '__proto__',
      ),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
  }),
  { minLength: 1, maxLength: 2 },
)
type Accident = typeof accidents extends fc.Arbitrary<readonly (infer One)[]> ? One : never

const damaged = (text: string, { kind, at, other, with: piece }: Accident): string => {
  const place = at % (text.length + 1)
  const lines = text.split('\n')
  const [line, second] = [at % lines.length, other % lines.length]
  const tokens = text.split(/(\s+|[{}()[\];,])/)
  const [token, otherToken] = [at % tokens.length, other % tokens.length]
  switch (kind) {
    case 'delete':
      return text.slice(0, place) + text.slice(place + 1 + (other % 5))
    case 'insert':
      return text.slice(0, place) + piece + text.slice(place)
    case 'replace':
      return tokens.with(token, piece).join('')
    case 'move line':
      return lines.with(line, lines[second]!).with(second, lines[line]!).join('\n')
    case 'duplicate line':
      return lines.toSpliced(second, 0, lines[line]!).join('\n')
    case 'delete token':
      return tokens.toSpliced(token, 1 + (other % 3)).join('')
    case 'swap tokens':
      return tokens.with(token, tokens[otherToken]!).with(otherToken, tokens[token]!).join('')
    case 'truncate':
      return text.slice(0, place)
  }
}

test('a damaged text gives a problem with its place, or a network that is one', () => {
  const counts = { refused: 0, read: 0 }
  fc.assert(
    fc.property(accidents, (list) => {
      const text = list.reduce(damaged, dogProblem)
      const result = parseBif(text)
      if (!isLeft(result)) {
        counts.read += 1
        return expectValid(result.right)
      }
      counts.refused += 1
      const [, line, column] = /^line (\d+), column (\d+)$/.exec(result.left.where) ?? []
      const lines = text.split(/\r\n|\r|\n/)
      expect(Number(line)).toBeGreaterThan(0)
      expect(Number(column)).toBeGreaterThan(0)
      expect(Number(column)).toBeLessThanOrEqual(lines[Number(line) - 1]!.length + 1)
      expect(result.left.what.length).toBeLessThan(600)
      expect(showProblem(result.left)).not.toMatch(/[\n\r]/)
    }),
    { numRuns: 4000 },
  )
  // Both happen often, so that neither half of the property is idle.
  expect(counts.refused).toBeGreaterThan(300)
  expect(counts.read).toBeGreaterThan(300)
})

test.skipIf(!networksAreThere)(
  `a damaged alarm gives a problem or a network (skipped without ${networkFolder})`,
  () => {
    const alarm = bifOf('alarm')
    fc.assert(
      fc.property(accidents, (list) => {
        const result = parseBif(list.reduce(damaged, alarm))
        if (isLeft(result)) expect(result.left.where).toMatch(/^line \d+, column \d+$/)
        else expect(isLeft(bayesianNetwork('n', result.right.variables))).toBe(false)
      }),
      { numRuns: 200 },
    )
  },
)
const anyName = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 6 }).filter((name) => !/["\r\n]/.test(name)),
  fc.constantFrom(
    '',
    'a b',
    '//',
    'a/*',
    'x;',
    '{',
    '(',
    '<5',
    '12+',
    'property',
    'table',
    'Asy/Patch',
    '__proto__',
    'constructor',
  ),
)
const distinctNames = (minLength: number, maxLength: number): fc.Arbitrary<readonly string[]> =>
  fc.uniqueArray(anyName, { minLength, maxLength })

/** A row of decimal numbers that sum to one, in one of the ways in which people write them. */
const anyRow = (width: number): fc.Arbitrary<readonly string[]> =>
  fc.tuple(fc.array(fc.nat(99), { minLength: width, maxLength: width }), fc.nat(width - 1)).map(([weights, more]) => {
    const parts = weights.map((weight) => Math.floor((weight * 10) / width))
    const rest = 1000 - parts.reduce((sum, part) => sum + part, 0)
    return parts.map((part, place) => {
      const thousandths = place === more ? part + rest : part
      return place % 2 === 0 ? (thousandths / 1000).toFixed(3) : `${thousandths}e-3`
    })
  })

const anyNetwork: fc.Arbitrary<BayesianNetwork> = fc.tuple(anyName, distinctNames(0, 5)).chain(([name, names]) =>
  fc
    .tuple(
      fc.shuffledSubarray(
        names.map((_, variable) => variable),
        { minLength: names.length },
      ),
      fc.tuple(...names.map(() => distinctNames(1, 3))),
    )
    .chain(([order, values]) =>
      fc
        .tuple(
          ...names.map((own, variable): fc.Arbitrary<NetworkVariable> => {
            // Parents come earlier in an order that has nothing to do with the declared one.
            const earlier = order.slice(0, order.indexOf(variable))
            return fc.shuffledSubarray(earlier, { maxLength: Math.min(3, earlier.length) }).chain((parents) => {
              const height = parents.reduce((product, parent) => product * values[parent]!.length, 1)
              return fc
                .array(anyRow(values[variable]!.length), { minLength: height, maxLength: height })
                .map((rows) => ({
                  name: own,
                  values: values[variable]!,
                  parents: parents.map((parent) => names[parent]!),
                  rows,
                }))
            })
          }),
        )
        .map((variables) => ({ name, variables })),
    ),
)

describe('printBif', () => {
  it('is read back as the same network', () => {
    fc.assert(
      fc.property(anyNetwork, (network) => {
        expectValid(valueOf(bayesianNetwork(network.name, network.variables)))
      }),
      { numRuns: 300 },
    )
  })

  it('writes numbers as they are, and fractions that are decimal numbers as those', () => {
    const rows = [
      ['1/8', ratio(7n, 8n)],
      [0.1, '0.90'],
      [1n, '0/3'],
      ['3/1000000', '0.999997'],
    ]
    const variables = [
      { name: 'A', values: ['a', 'b', 'c', 'd'], parents: [], rows: [['0.25', '0.25', '0.25', '.25']] },
      { name: 'B', values: ['e', 'f'], parents: ['A'], rows },
    ]
    const text = valueOf(printBif(valueOf(bayesianNetwork('n', variables))))
    expect(text.split('\n').slice(-6, -2)).toEqual([
      '  (a) 0.125, 0.875;',
      '  (b) 0.1, 0.90;',
      '  (c) 1, 0;',
      '  (d) 0.000003, 0.999997;',
    ])
  })

  it('refuses what the format cannot say', () => {
    const named = (name: string, rows: readonly (readonly string[])[]) =>
      printBif(valueOf(bayesianNetwork('n', [{ name, values: ['a', 'b', 'c'], parents: [], rows }])))
    expect(named('say "A"', [['1', '0', '0']])).toMatchObject(left({ kind: 'unsupported', where: `name 'say "A"'` }))
    expect(named('A', [['1/3', '1/3', '1/3']])).toMatchObject(
      left({ kind: 'unsupported', where: "variable 'A', row 0" }),
    )
  })
})
