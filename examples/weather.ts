/**
 * A first diagram: the weather, the grass, and both together.
 *
 * A diagram is written as a typed function of its variables: `w` is used twice, so the weather is copied. Run it after a build:
 * `node dist/examples/weather.js`.
 */
import { isLeft } from 'fp-ts/lib/Either.js'

import { box, copy, discard, drawText, equal, finite, id, par, program, seq, showProblem } from '../dsl/index.js'
import { FinStoch, interpret } from '../src/index.js'

const Weather = finite('Weather', ['sun', 'rain'])
const Grass = finite('Grass', ['dry', 'wet'])
const grass = box('grass', [Weather], [Grass])

const both = program([Weather], (w) => {
  const [g] = grass(w)
  return [w, g]
})
console.log(drawText(both))

// The same with combinators; equality is decided, whatever the brackets.
const combined = seq(copy(Weather), par(id(Weather), grass))
console.log(`\nthe same with combinators: ${equal(both, combined)}`)
console.log(
  `making the grass wet and not looking at it is doing nothing: ${equal(seq(grass, discard(Grass)), discard(Weather))}`,
)

// What it means in FinStoch: for each weather a distribution on weather and grass.
const joint = interpret(FinStoch, {
  grass: [
    [0.9, 0.1],
    [0.2, 0.8],
  ],
})(both)
console.log(`\n${isLeft(joint) ? showProblem(joint.left) : FinStoch.show(joint.right)}`)
