/**
 * The common-cause fork: one cause, copied, with two effects. Reusing one draw is not drawing twice.
 *
 * Run it after a build: `node dist/examples/common-cause.js`.
 */
import { isLeft } from 'fp-ts/lib/Either.js'

import { box, drawText, equal, finite, program, separated, showProblem, state } from '../dsl/index.js'
import { FinStoch, interpret } from '../src/index.js'

const Season = finite('Season', ['dry', 'wet'])
const Rain = finite('Rain', ['no', 'yes'])
const Mud = finite('Mud', ['no', 'yes'])

const season = state('season', [Season])
const rain = box('rain', [Season], [Rain])
const mud = box('mud', [Season], [Mud])

const fork = program([], () => {
  const [s] = season()
  const [r] = rain(s)
  const [m] = mud(s)
  return [r, m]
})
const twoSeasons = program([], () => {
  const [s] = season()
  const [t] = season()
  const [r] = rain(s)
  const [m] = mud(t)
  return [r, m]
})
console.log(drawText(fork))
console.log(`\n${drawText(twoSeasons)}`)
console.log(`\nthe two are the same process: ${equal(fork, twoSeasons)}`)

const meaning = interpret(FinStoch, {
  season: [[0.5, 0.5]],
  rain: [
    [0.9, 0.1],
    [0.3, 0.7],
  ],
  mud: [
    [0.95, 0.05],
    [0.2, 0.8],
  ],
})
for (const [name, diagram] of Object.entries({ fork, twoSeasons })) {
  const joint = meaning(diagram)
  console.log(`${name}: ${isLeft(joint) ? showProblem(joint.left) : FinStoch.show(joint.right)}`)
  const answer = separated(diagram, { x: ['Rain'], y: ['Mud'] })
  console.log(
    `rain and mud independent, whatever the boxes mean: ${isLeft(answer) ? showProblem(answer.left) : answer.right.kind}`,
  )
}
