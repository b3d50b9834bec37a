import { isLeft, left } from 'fp-ts/lib/Either.js'
import { describe, expect, it, test } from 'vitest'

import { showProblem } from '../../../dsl/problem.js'
import { parseBif } from '../../../src/bayesian-network/bif.js'
import { networkDiagram, networkMeanings } from '../../../src/bayesian-network/diagram.js'
import { bayesianNetwork, type NetworkVariable } from '../../../src/bayesian-network/network.js'
import { printBif } from '../../../src/bayesian-network/print-bif.js'
import { bifOf, networkFolder, networksAreThere } from '../../support/bayesian-networks.js'
import { valueOf } from '../../support/value-of.js'
import { dogProblem } from './small-network.js'
import { expectValid } from './valid-network.js'

/** A network with one variable, whose probability block is given. */
const coin = (block: string): string => `network toss { }
variable Coin { type discrete [ 2 ] { heads, tails }; }
${block}`
/** A network with two variables, whose second probability block is given. */
const pair = (block: string): string => `network pair { }
variable A { type discrete [ 2 ] { a, b }; }
variable B { type discrete [ 2 ] { c, d }; }
probability ( A ) { table 0.5, 0.5; }
${block}`

const messageOf = (text: string): string => {
  const result = parseBif(text)
  return isLeft(result) ? `${result.left.kind}: ${showProblem(result.left)}` : 'no problem'
}

describe('parseBif', () => {
  it('reads names of all kinds, comments, tables, rows in any order, default rows, and skips properties', () => {
    const { name, variables } = valueOf(parseBif(dogProblem))
    expect(name).toBe('Dog-Problem')
    expect(variables).toEqual([
      {
        name: 'light-on',
        values: ['true', 'false'],
        parents: ['family-out'],
        rows: [
          ['0.6', '0.4'],
          ['0.05', '0.95'],
        ],
      },
      {
        name: 'hear-bark',
        values: ['<5', '5-12', '12+'],
        parents: ['dog out'],
        rows: [
          ['1', '0', '0'],
          ['0.25', '.5', '2.5e-1'],
        ],
      },
      {
        name: 'dog out',
        values: ['in/out', 'in (the) garden'],
        parents: ['family-out', 'light-on'],
        rows: [
          ['0.9', '0.1'],
          ['0.3', '0.7'],
          ['0.3333', '0.6666'],
          ['0.4', '0.6'],
        ],
      },
      { name: 'family-out', values: ['yes', 'no'], parents: [], rows: [['0.15', '0.85']] },
    ])
  })

  it('reads a table with the first value’s probabilities first, the last parent running fastest', () => {
    const text = `network n { }
      variable A { type discrete [ 2 ] { a0, a1 }; } variable B { type discrete [ 3 ] { b0, b1, b2 }; }
      variable C { type discrete [ 2 ] { c0, c1 }; }
      probability ( A ) { table 0.5, 0.5; } probability ( B ) { table 0.2, 0.3, 0.5; }
      probability ( C | A, B ) { table .1 .2 .3 .4 .5 .6 .9 .8 .7 .6 .5 .4; }`
    const child = valueOf(parseBif(text)).variables[2]!
    expect(child.rows.map((row) => row[0])).toEqual(['.1', '.2', '.3', '.4', '.5', '.6'])
    expect(child.rows.map((row) => row[1])).toEqual(['.9', '.8', '.7', '.6', '.5', '.4'])
  })

  it('takes names that are words of the format, and names that objects have', () => {
    const text = `network network { }
      variable property { type discrete [ 2 ] { table, default }; } variable __proto__ { type discrete [ 1 ] { type }; }
      probability ( property | __proto__ ) { (type) 0.5, 0.5; } probability ( __proto__ ) { table 1; }`
    const network = valueOf(parseBif(text))
    expect(network.variables.map(({ name }) => name)).toEqual(['property', '__proto__'])
    expect(Object.keys(networkMeanings(network))).toEqual(['property', '__proto__'])
    expect(valueOf(parseBif(valueOf(printBif(network))))).toEqual(network)
  })

  test.each([
    ['', "empty-input: line 1, column 1: the text is empty; begin with 'network NAME { }'"],
    ['variable', 'malformed: line 1, column 9: the end of the text does not belong here; give the variable a name'],
    ['// nothing\n', "malformed: line 2, column 1: there is no network block; begin with 'network NAME { }'"],
    [
      'network a { }\r\nnetwork b { }',
      'malformed: line 2, column 1: there is a second network block; keep one network in a text',
    ],
    [
      'network a {\n  size 3;\n}',
      "malformed: line 2, column 3: 'size' does not belong here; write properties only, or }",
    ],
    ['network a {', 'malformed: line 1, column 12: the block opened at line 1, column 11 is not closed; write } here'],
    ['network a { property x', 'malformed: line 1, column 21: a property is not closed; close it with ;'],
    ['network a { } /* b', 'malformed: line 1, column 15: a comment is not closed; close it with */'],
    [
      'network "a\n" { }',
      'malformed: line 1, column 9: a quotation mark is not closed; close it with " on the same line',
    ],
    [
      'network a { } hello',
      "malformed: line 1, column 15: 'hello' does not belong here; begin a block here with 'network', 'variable' or 'probability'",
    ],
    [
      'network a { } variable B { }',
      "malformed: line 1, column 24: the variable 'B' has no type; write 'type discrete [ 2 ] { yes, no };' in it",
    ],
    [
      'network a { } variable B { type real; }',
      "unsupported: line 1, column 33: the type 'real' is not read; use 'discrete'",
    ],
    [
      'network a { } variable B { type discrete [ 3 ] { c, d }; }',
      'malformed: line 1, column 44: 3 values are announced, and 2 are named; make the two agree',
    ],
    [
      'network a { } variable B { type discrete [ two ] { c, d }; }',
      "malformed: line 1, column 44: 'two' does not belong here; write the number of values here",
    ],
    [
      'network a { } variable B { type discrete [ 1 ] { c } }',
      "malformed: line 1, column 54: '}' does not belong here; write ; here",
    ],
    [coin(''), "malformed: line 2, column 10: 'Coin' has no probability block; write 'probability ( Coin ) { ... }'"],
    [
      coin('probability ( Coin ) { }'),
      "malformed: line 3, column 15: there are no probabilities of 'Coin'; give a row for it, or a default row",
    ],
    [
      coin('probability ( Coin ) { table 0.5, 0.4; }'),
      "invalid-value: line 3, column 24: the row of 'Coin' sums to 0.9; make it sum to one; rounding of up to a thousandth is divided out",
    ],
    [
      coin('probability ( Coin ) { table 1.5, -0.5; }'),
      "invalid-value: line 3, column 24: the row of 'Coin' has 1.5, which is no probability; give numbers from 0 to 1",
    ],
    [
      coin('probability ( Coin ) { table half, half; }'),
      "malformed: line 3, column 30: 'half' is no number; write decimal numbers, like 0.25",
    ],
    [
      coin('probability ( Coin ) { table 1; }'),
      'malformed: line 3, column 24: the table has 1 probabilities; give 1 x 2',
    ],
    [
      coin('probability ( Coin ) { () 1; }'),
      "invalid-value: line 3, column 24: the row of 'Coin' has 1 probabilities; give one for each of the 2 values",
    ],
    [
      coin('probability ( Coin ) { table 1, 0; table 1, 0; }'),
      'malformed: line 3, column 36: there is more than one table; give one table, or rows without a table',
    ],
    [
      coin('probability ( Coin ) { table 1, 0; }\nprobability ( Coin ) { table 1, 0; }'),
      "malformed: line 4, column 15: 'Coin' has a second probability block; give each variable one",
    ],
    [
      coin('probability ( Coin | Coin ) { default 1, 0; }'),
      "invalid-value: line 2, column 10: the arrows run in a circle: 'Coin' -> 'Coin'; a variable must not depend on itself, directly or through others",
    ],
    [
      coin('probability ( Coin | Hand ) { default 1, 0; }'),
      "unknown-name: line 3, column 22: 'Hand' is no variable; use one of Coin",
    ],
    [
      coin('probability ( ) { }'),
      'malformed: line 3, column 13: no variable is named; name the variable, then its parents',
    ],
    [
      pair('probability ( B | A ) { (a) 1, 0; }'),
      "malformed: line 5, column 15: there is no row for (b) of 'B'; give a row for it, or a default row",
    ],
    [
      pair('probability ( B | A ) { (a) 1, 0; (b) 0.5, 0.52; }'),
      "invalid-value: line 5, column 35: the row of 'B' given (b) sums to 1.02; make it sum to one; rounding of up to a thousandth is divided out",
    ],
    [
      pair('probability ( B | A ) { (a) 1, 0; (a) 1, 0; }'),
      'malformed: line 5, column 35: these values have a row already; give each combination one row',
    ],
    [
      pair('probability ( B | A ) { (a) 1, 0; (c) 1, 0; }'),
      "unknown-name: line 5, column 36: 'c' is no value of 'A'; use one of a, b",
    ],
    [
      pair('probability ( B | A ) { (a, b) 1, 0; }'),
      'malformed: line 5, column 25: the row names 2 values; name one for each of the 1 parents',
    ],
    [
      pair('probability ( B | A, A ) { default 1, 0; }'),
      "invalid-value: line 5, column 22: 'B' has the parent 'A' twice; name each parent once",
    ],
    [
      pair('probability ( B | A ) { default 1, 0; default 1, 0; }'),
      'malformed: line 5, column 39: there is a second default row; give one',
    ],
    [
      `${pair('probability ( B ) { table 1, 0; }')}\nvariable A { type discrete [ 2 ] { a, b }; }`,
      "invalid-value: line 6, column 10: there are two variables 'A'; give each variable a name of its own",
    ],
    [
      'network n { } variable A { type discrete [ 2 ] { a, a }; } probability ( A ) { table 1, 0; }',
      "invalid-value: line 1, column 53: the value 'a' is named twice; values of a variable differ",
    ],
    [
      'network n { } variable A { type discrete [ 0 ] { }; } probability ( A ) { table ; }',
      "invalid-value: line 1, column 24: 'A' has no values; give a variable one value at least",
    ],
  ])('of %j it says what and where', (text, message) => expect(messageOf(text)).toBe(message))

  it('names the variables of a circle in the order of its arrows', () => {
    const names = ['A', 'B', 'C', 'D']
    const blocks = names.map((name) => `variable ${name} { type discrete [ 1 ] { x }; }`)
    const arrows = ['A | B', 'B | C', 'C | D', 'D | B'].map((arrow) => `probability ( ${arrow} ) { default 1; }`)
    expect(messageOf(['network n { }', ...blocks, ...arrows].join('\n'))).toBe(
      "invalid-value: line 5, column 10: the arrows run in a circle: 'D' -> 'C' -> 'B' -> 'D'; a variable must not depend on itself, directly or through others",
    )
  })

  it('refuses a table that a default row makes too large, and reads deep chains', () => {
    const names = Array.from({ length: 40 }, (_, variable) => `X${variable}`)
    const blocks = names.map((name) => `variable ${name} { type discrete [ 2 ] { x, y }; }`)
    const wide = `probability ( ${names[0]!} | ${names.slice(1).join(', ')} ) { default 1, 0; }`
    expect(
      parseBif(
        [
          'network n { }',
          ...blocks,
          wide,
          ...names.slice(1).map((name) => `probability ( ${name} ) { table 1, 0; }`),
        ].join('\n'),
      ),
    ).toMatchObject(left({ kind: 'unsupported', where: 'line 42, column 15' }))
    const long = Array.from(
      { length: 5000 },
      (_, link) => `variable L${link} { type discrete [ 1 ] { x }; }
      probability ( L${link}${link === 4999 ? '' : ` | L${link + 1}`} ) { default 1; }`,
    )
    expect(networkDiagram(valueOf(parseBif(`network n { } ${long.join('\n')}`))).steps[0]?.diagram).toMatchObject({
      name: 'L4999',
    })
  })

  it('divides rounding out of a row up to a thousandth, and refuses more', () => {
    const third = valueOf(
      parseBif(
        'network n { } variable A { type discrete [ 3 ] { a, b, c }; } probability ( A ) { table .333 .333 .333; }',
      ),
    )
    expect(networkMeanings(third)['A']).toEqual([[1 / 3, 1 / 3, 1 / 3]])
    const sumsTo = (second: string): string => messageOf(coin(`probability ( Coin ) { table 0.5, ${second}; }`))
    expect(sumsTo('0.501')).toBe('no problem')
    expect(sumsTo('0.499')).toBe('no problem')
    expect(sumsTo('0.5010001')).toContain('sums to 1.0010001')
    expect(sumsTo('0.4989999')).toContain('sums to 0.9989999')
  })
})

test('bayesianNetwork says which variable is wrong', () => {
  const a = { name: 'A', values: ['x', 'y'], parents: [], rows: [['1', '0']] }
  const where = (...variables: readonly NetworkVariable[]): string => {
    const result = bayesianNetwork('n', variables)
    return isLeft(result) ? showProblem(result.left) : 'fine'
  }
  expect(where()).toBe('fine')
  expect(where(a, { ...a, name: 'B', parents: ['A'] })).toBe(
    "variable 'B': 'B' has 1 rows of probabilities; give one for each of the 2 combinations of its parents' values",
  )
  expect(where({ ...a, rows: [['1', 'one']] })).toContain(
    "variable 'A', row 0: the row of 'A' has 'one', which is no number",
  )
  expect(where({ ...a, parents: ['Z'] })).toBe(
    "variable 'A', parent 0: 'A' depends on 'Z', which is no variable; the variables are A",
  )
})

describe.skipIf(!networksAreThere)(`published networks (skipped without ${networkFolder})`, () => {
  test.each([
    ['asia', 8, 8, 18],
    ['cancer', 5, 4, 10],
    ['earthquake', 5, 4, 10],
    ['survey', 6, 6, 21],
    ['child', 20, 25, 230],
    ['alarm', 37, 46, 509],
  ])('%s has %i nodes, %i arcs and %i free parameters', (name, nodes, arcs, parameters) => {
    const network = valueOf(parseBif(bifOf(name)))
    const { variables } = network
    expect(variables.length).toBe(nodes)
    expect(variables.reduce((sum, { parents }) => sum + parents.length, 0)).toBe(arcs)
    expect(variables.reduce((sum, { values, rows }) => sum + rows.length * (values.length - 1), 0)).toBe(parameters)
    expectValid(network)
  })

  test('alarm has printed thirds, which are thirds', () => {
    const network = valueOf(parseBif(bifOf('alarm')))
    const thirds = network.variables.flatMap(({ name, rows }) =>
      rows.flatMap((row, index) => (row.includes('0.3333333') ? [networkMeanings(network)[name]![index]!] : [])),
    )
    expect(thirds).toEqual(Array.from({ length: 6 }, () => [1 / 3, 1 / 3, 1 / 3]))
  })
})
