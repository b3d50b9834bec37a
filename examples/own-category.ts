/**
 * A Markov category of one's own, and what the laws say of a fault in it.
 *
 * A morphism says what each outcome costs, given the input: costs add up along a path, and of several paths the cheapest counts. Its
 * first author forgot that something must happen: that the cheapest outcome costs nothing. Run it after a build:
 * `node dist/examples/own-category.js`.
 */
import * as fc from 'fast-check'
import { left, right } from 'fp-ts/lib/Either.js'

import { problem } from '../dsl/index.js'
import { type Arbitraries, checkLaws, markovLaws, showLawResult } from '../laws/index.js'
import {
  type ConditionalStructure,
  type FiniteObject,
  inverseByConditional,
  sameFiniteObject,
  sizeOfObject,
} from '../src/index.js'

/** A row for each input, a cost for each outcome: a whole number, or Infinity for what does not happen. */
interface Costs {
  readonly domain: FiniteObject
  readonly codomain: FiniteObject
  readonly rows: readonly (readonly number[])[]
}

const costs = (domain: FiniteObject, codomain: FiniteObject, cost: (x: number, y: number) => number): Costs => ({
  domain,
  codomain,
  rows: Array.from({ length: sizeOfObject(domain) }, (_, x) =>
    Array.from({ length: sizeOfObject(codomain) }, (_, y) => cost(x, y)),
  ),
})
const functionOf = (domain: FiniteObject, codomain: FiniteObject, f: (x: number) => number): Costs =>
  costs(domain, codomain, (x, y) => (y === f(x) ? 0 : Infinity))
const cheapest = (row: readonly number[]): number => Math.min(...row)

const conditional = (f: Costs, x: FiniteObject, y: FiniteObject): Costs => {
  const [inputs, width] = [sizeOfObject(f.domain), sizeOfObject(y)]
  return costs([...x, ...f.domain], y, (given, outcome) => {
    const [element, input] = [Math.floor(given / inputs), given % inputs]
    const row = f.rows[input]!.slice(element * width, (element + 1) * width)
    // What cannot happen leaves every outcome free of charge.
    return cheapest(row) === Infinity ? 0 : row[outcome]! - cheapest(row)
  })
}

const structure = {
  name: 'costs',
  equality: 'exact',
  unit: [],
  tensor: (a: FiniteObject, b: FiniteObject) => [...a, ...b],
  sameObject: sameFiniteObject,
  domain: (f: Costs) => f.domain,
  codomain: (f: Costs) => f.codomain,
  id: (a: FiniteObject) => functionOf(a, a, (x) => x),
  seq: (f: Costs, g: Costs) => {
    if (!sameFiniteObject(f.codomain, g.domain)) throw new Error('costs: the ends do not meet')
    return costs(f.domain, g.codomain, (x, z) => cheapest(f.rows[x]!.map((cost, y) => cost + g.rows[y]![z]!)))
  },
  par: (f: Costs, g: Costs) => {
    const [height, width] = [sizeOfObject(g.domain), sizeOfObject(g.codomain)]
    return costs(
      [...f.domain, ...g.domain],
      [...f.codomain, ...g.codomain],
      (x, y) => f.rows[Math.floor(x / height)]![Math.floor(y / width)]! + g.rows[x % height]![y % width]!,
    )
  },
  swap: (a: FiniteObject, b: FiniteObject) =>
    functionOf(
      [...a, ...b],
      [...b, ...a],
      (x) => (x % sizeOfObject(b)) * sizeOfObject(a) + Math.floor(x / sizeOfObject(b)),
    ),
  copy: (a: FiniteObject) => functionOf(a, [...a, ...a], (x) => x * sizeOfObject(a) + x),
  discard: (a: FiniteObject) => functionOf(a, [], () => 0),
  isDeterministic: (f: Costs) =>
    f.rows.every(
      (row) => row.every((cost) => cost === 0 || cost === Infinity) && row.filter(Number.isFinite).length === 1,
    ),
  equals: (f: Costs, g: Costs) =>
    sameFiniteObject(f.domain, g.domain) &&
    sameFiniteObject(f.codomain, g.codomain) &&
    f.rows.every((row, x) => row.every((cost, y) => cost === g.rows[x]![y])),
  validate: (f: Costs) =>
    f.rows.every((row) => row.every((cost) => cost >= 0))
      ? right(f)
      : left(problem('invalid-value', 'costs', 'one is negative', 'give costs from 0 to Infinity')),
  show: ({ domain, codomain, rows }: Costs) =>
    `[${domain.join(', ')}] -> [${codomain.join(', ')}]\n${rows.map((row) => `  [${row.join(', ')}]`).join('\n')}`,
  conditional,
  inverse: (prior: Costs, f: Costs): Costs => inverseByConditional(structure, prior, f),
} satisfies ConditionalStructure<FiniteObject, Costs>

/** Random costs, and the functions among them; `settle` is what the author does to a row. */
const arbitraries = (settle: (row: readonly number[]) => readonly number[]): Arbitraries<FiniteObject, Costs> => ({
  object: fc.array(fc.integer({ min: 1, max: 2 }), { maxLength: 2 }),
  morphism: (domain, codomain) => {
    const [height, width] = [sizeOfObject(domain), sizeOfObject(codomain)]
    const cost = fc.oneof({ arbitrary: fc.nat(3), weight: 3 }, { arbitrary: fc.constant(Infinity), weight: 1 })
    const row = fc.tuple(fc.array(cost, { minLength: width, maxLength: width }), fc.nat(width - 1), fc.nat(3))
    return (
      fc
        .array(row, { minLength: height, maxLength: height })
        // One outcome at least is possible.
        .map((rows) =>
          rows.map(([drawn, place, finite]) => settle(drawn.map((one, y) => (y === place ? finite : one)))),
        )
        .map((rows) => ({ domain, codomain, rows }))
    )
  },
  deterministic: (domain, codomain) =>
    fc
      .array(fc.nat(sizeOfObject(codomain) - 1), { minLength: sizeOfObject(domain), maxLength: sizeOfObject(domain) })
      .map((images) => functionOf(domain, codomain, (x) => images[x]!)),
})

const check = (title: string, settle: (row: readonly number[]) => readonly number[]): void => {
  const results = checkLaws(markovLaws(structure, arbitraries(settle)), { seed: 7 })
  const failed = results.filter(({ kind }) => kind !== 'passed')
  console.log(`${title}: ${results.length} laws checked, ${failed.length} failed`)
  for (const result of failed) console.log(`\n${showLawResult(result)}\n`)
}

check('whatever the costs are', (row) => row)
check('the cheapest outcome costs nothing', (row) => row.map((cost) => cost - cheapest(row)))
