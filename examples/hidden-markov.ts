/**
 * A hidden Markov chain, compiled: what was the weather, judging by the umbrellas? Run it after a build:
 * `node dist/examples/hidden-markov.js`.
 *
 * One diagram, four questions: how likely is what was seen, what was the weather on each day, what was it on all days together, and
 * what will be seen tomorrow. Each is one pipeline of kernels, whose size grows in proportion to the number of days.
 */
import { pathToFileURL } from 'node:url'

import { isLeft } from 'fp-ts/lib/Either.js'

import { box, drawText, finite, type Problem, program, showProblem } from '../dsl/index.js'
import { compile, type Output } from '../src/index.js'

export const Weather = finite('Weather', ['rain', 'sun'])
export const Umbrella = finite('Umbrella', ['seen', 'not seen'])
const first = box('first', [], [Weather])
const next = box('next', [Weather], [Weather])
const shows = box('shows', [Weather], [Umbrella])

/** The weather of each day and then, for each day, whether an umbrella is seen. */
export const days = (count: number) =>
  program([], () => {
    let [weather] = first()
    const weathers = [weather]
    for (let day = 1; day < count; day++) {
      ;[weather] = next(weather)
      weathers.push(weather)
    }
    return [...weathers, ...weathers.map((each) => shows(each)[0])]
  })

/** Russell and Norvig, "Artificial Intelligence: A Modern Approach", the umbrella world. */
export const meanings = {
  first: [[0.5, 0.5]],
  next: [
    [0.7, 0.3],
    [0.3, 0.7],
  ],
  shows: [
    [0.9, 0.1],
    [0.2, 0.8],
  ],
}

const orExit = <A>(result: { _tag: 'Left'; left: Problem } | { _tag: 'Right'; right: A }): A => {
  if (!isLeft(result)) return result.right
  console.error(showProblem(result.left))
  process.exit(1)
}

const numbers = (count: number, from = 0): readonly number[] => Array.from({ length: count }, (_, k) => from + k)

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  console.log(drawText(days(3)))

  const seen = [0, 0, 1, 0, 0]
  const observed = numbers(seen.length, seen.length)
  const evidence = seen.map((umbrella) => [umbrella])

  const smoothing = orExit(await compile(days(seen.length), meanings, { observed, question: 'marginals' }))
  const smoothed = orExit(await smoothing.run([], { evidence }))
  const chanceOfRain = (output: Output | undefined): string =>
    output?.kind === 'marginal' ? output.entries[0]!.toFixed(4) : '-'
  console.log(`\nUmbrellas ${seen.map((umbrella) => Umbrella.elements[umbrella]).join(', ')}`)
  console.log(`    log probability (identity, nats): ${smoothed.logProbability![0]!.toFixed(4)}`)
  console.log(`    chance of rain each day: ${smoothed.outputs.slice(0, seen.length).map(chanceOfRain).join(', ')}`)

  const decoding = orExit(await compile(days(seen.length), meanings, { observed, question: 'most-likely' }))
  const decoded = orExit(await decoding.run([], { evidence }))
  const path = decoded.outputs
    .slice(0, seen.length)
    .map((output) => (output.kind === 'most-likely' ? Weather.elements[output.entries[0]!]! : '-'))
  console.log(`    most likely days together: ${path.join(', ')}`)

  // Tomorrow: one more day, of which nothing is seen; three weeks at once, a day without a look at the street in one of them.
  const tomorrow = orExit(await compile(days(6), meanings, { observed: numbers(5, 6), question: 'marginals' }))
  const weeks = [
    [0, 0, 1, 0, 0],
    [1, 1, 1, 1, 1],
    [0, -1, 0, -1, 0],
  ]
  const forecast = orExit(
    await tomorrow.run([], { evidence: numbers(5).map((day) => weeks.map((week) => week[day]!)) }),
  )
  const umbrella = forecast.outputs[11]
  const chances = weeks.map((_, week) => (umbrella?.kind === 'marginal' ? umbrella.entries[2 * week]!.toFixed(4) : '-'))
  console.log(`    chance of an umbrella on day 6, for three weeks: ${chances.join(', ')}`)

  console.log('\nThe plan of a whole year, as long as it is:')
  const year = orExit(await compile(days(365), meanings, { observed: numbers(365, 365), question: 'marginals' }))
  const lines = orExit(await year.explain()).split('\n')
  console.log([...lines.slice(0, 4), '...', ...lines.slice(-4).filter((line) => !line.startsWith('dist'))].join('\n'))
  for (const evaluator of [smoothing, decoding, tomorrow, year]) await evaluator.dispose()
}
