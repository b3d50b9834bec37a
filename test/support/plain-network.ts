/**
 * Bayesian networks over plain arrays, written apart from the library: a reader for the plainest form of the interchange format, the
 * joint distribution by enumeration, and variable elimination for networks that are too large for it.
 */

export interface PlainNetwork {
  readonly names: readonly string[]
  readonly values: readonly (readonly string[])[]
  readonly parents: readonly (readonly number[])[]
  /** For each variable the probability of its value given its parents' values. */
  readonly probability: readonly ((value: number, given: readonly number[]) => number)[]
}

/** Reads what `variable X { type discrete [ n ] { ... }; }` and rows of `(...) ...;` or `table ...;` say, line by line. */
export const readPlainNetwork = (text: string): PlainNetwork => {
  const list = (items: string): readonly string[] => items.split(',').map((item) => item.trim())
  const variables = [...text.matchAll(/^variable (\S+) \{\n\s*type discrete \[ \d+ \] \{ (.*) \};\n\}/gm)]
  const names = variables.map((found) => found[1]!)
  const values = variables.map((found) => list(found[2]!))
  const parents: number[][] = names.map(() => [])
  const rows: Map<string, readonly number[]>[] = names.map(() => new Map())
  for (const found of text.matchAll(/^probability \( (\S+)(?: \| (.*))? \) \{\n([^}]*)\}/gm)) {
    const child = names.indexOf(found[1]!)
    parents[child] = found[2] === undefined ? [] : list(found[2]).map((name) => names.indexOf(name))
    for (const line of found[3]!.trim().split('\n')) {
      const [, , given, numbers] = /^\s*(table|\((.*)\)) (.*);$/.exec(line)!
      const printed = list(numbers!).map(Number)
      const sum = printed.reduce((total, number) => total + number, 0)
      const key =
        given === undefined ? '' : list(given).map((value, place) => values[parents[child]![place]!]!.indexOf(value))
      rows[child]!.set(
        String(key),
        printed.map((number) => number / sum),
      )
    }
  }
  return {
    names,
    values,
    parents,
    probability: rows.map((row) => (value, given) => row.get(given.join(','))![value]!),
  }
}

/** The unnormalised distribution of the queried variables at the evidence (number of variable to number of value). */
export type Inference = (query: readonly number[], evidence: ReadonlyMap<number, number>) => readonly number[]

/** By going through every assignment of values to all variables. */
export const byEnumeration = ({ values, parents, probability }: PlainNetwork): Inference => {
  const sizes = values.map((list) => list.length)
  const total = sizes.reduce((product, size) => product * size, 1)
  const joint = Array.from({ length: total }, (_, number) => {
    const assignment: number[] = []
    let rest = number
    for (const size of sizes) {
      assignment.push(rest % size)
      rest = Math.floor(rest / size)
    }
    const weight = assignment.reduce(
      (product, value, variable) =>
        product *
        probability[variable]!(
          value,
          parents[variable]!.map((parent) => assignment[parent]!),
        ),
      1,
    )
    return { assignment, weight }
  })
  return (query, evidence) => {
    const result = new Array<number>(query.reduce((product, variable) => product * sizes[variable]!, 1)).fill(0)
    for (const { assignment, weight } of joint)
      if ([...evidence].every(([variable, value]) => assignment[variable] === value))
        result[query.reduce((place, variable) => place * sizes[variable]! + assignment[variable]!, 0)]! += weight
    return result
  }
}

/** A function of some variables: a number for each assignment, by the values joined with commas. */
interface Factor {
  readonly variables: readonly number[]
  readonly entries: ReadonlyMap<string, number>
}

/** By variable elimination: again and again the variable that touches the fewest others is summed out of all factors that have it. */
export const byElimination = ({ values, parents, probability }: PlainNetwork): Inference => {
  const assignments = (
    variables: readonly number[],
    evidence: ReadonlyMap<number, number>,
  ): readonly (readonly number[])[] =>
    variables.reduce<readonly (readonly number[])[]>(
      (partial, variable) =>
        partial.flatMap((before) =>
          values[variable]!.flatMap((_, value) =>
            (evidence.get(variable) ?? value) === value ? [[...before, value]] : [],
          ),
        ),
      [[]],
    )
  const valueAt = (factor: Factor, variables: readonly number[], assignment: readonly number[]): number =>
    factor.entries.get(factor.variables.map((variable) => assignment[variables.indexOf(variable)]!).join(','))!

  return (query, evidence) => {
    const productOf = (factors: readonly Factor[], variables: readonly number[]): Factor => ({
      variables,
      entries: new Map(
        assignments(variables, evidence).map((assignment) => [
          assignment.join(','),
          factors.reduce((product, factor) => product * valueAt(factor, variables, assignment), 1),
        ]),
      ),
    })
    const scopeOf = (factors: readonly Factor[]): readonly number[] => [
      ...new Set(factors.flatMap(({ variables }) => variables)),
    ]
    let factors: readonly Factor[] = values.map((_, variable) => {
      const variables = [variable, ...parents[variable]!]
      const entries = assignments(variables, evidence).map(
        ([value, ...given]) => [[value, ...given].join(','), probability[variable]!(value!, given)] as const,
      )
      return { variables, entries: new Map(entries) }
    })
    const remaining = new Set(values.flatMap((_, variable) => (query.includes(variable) ? [] : [variable])))
    while (remaining.size > 0) {
      const touching = (variable: number): readonly Factor[] =>
        factors.filter(({ variables }) => variables.includes(variable))
      const costs = [...remaining].map((variable) => ({ variable, cost: scopeOf(touching(variable)).length }))
      const { variable } = costs.reduce((best, other) => (other.cost < best.cost ? other : best))
      const joined = touching(variable)
      const scope = scopeOf(joined)
      const product = productOf(joined, scope)
      const kept = scope.filter((other) => other !== variable)
      const sums = new Map<string, number>()
      for (const [key, weight] of product.entries) {
        const rest = key
          .split(',')
          .filter((_, place) => place !== scope.indexOf(variable))
          .join(',')
        sums.set(rest, (sums.get(rest) ?? 0) + weight)
      }
      factors = [...factors.filter((factor) => !joined.includes(factor)), { variables: kept, entries: sums }]
      remaining.delete(variable)
    }
    return [...productOf(factors, query).entries.values()]
  }
}
