/**
 * d-separation in a small causal model: the independences that the wiring alone implies, and the evidence for each answer.
 *
 * `node dist/examples/causal-model.js` prints them.
 */
import { pathToFileURL } from 'node:url'

import { isLeft } from 'fp-ts/lib/Either.js'

import { impliedIndependences, showIndependence } from '../dsl/independence.js'
import { box, type Diagram, drawText, finite, program, showProblem, state } from '../dsl/index.js'
import { separated, showPath } from '../dsl/separation.js'

/** A garden: the season decides on rain and on the sprinkler, either wets the lawn, and a walk over it muddies the shoes. */
export const garden = () => {
  // Wires.
  const Season = finite('Season', ['spring', 'summer', 'autumn', 'winter'])
  const Rain = finite('Rain', ['no', 'yes'])
  const Sprinkler = finite('Sprinkler', ['off', 'on'])
  const Lawn = finite('Lawn', ['dry', 'wet'])
  const Shoes = finite('Shoes', ['clean', 'muddy'])

  // Mechanisms: one box a variable, from its causes to it. What they are in numbers does not matter here.
  const season = state('season', [Season])
  const rain = box('rain', [Season], [Rain])
  const sprinkler = box('sprinkler', [Season], [Sprinkler])
  const wet = box('wet', [Rain, Sprinkler], [Lawn])
  const walk = box('walk', [Lawn], [Shoes])

  return program([], () => {
    const [s] = season()
    const [r] = rain(s)
    const [k] = sprinkler(s)
    const [l] = wet(r, k)
    const [m] = walk(l)
    return [s, r, k, l, m]
  })
}

/** One question about two variables, with the answer and its evidence, as lines of text. */
export const explain = (model: Diagram, x: string, y: string, given: readonly string[] = []): readonly string[] => {
  const asked = `${x} ⊥ ${y}${given.length === 0 ? '' : ` | ${given.join(', ')}`}`
  const answer = separated(model, { x: [x], y: [y], given })
  if (isLeft(answer)) return [`${asked}: ${showProblem(answer.left)}`]
  const separation = answer.right
  if (separation.kind === 'connected') return [`${asked}: not implied`, `    joined by ${showPath(separation.path)}`]
  const severed = separation.severed.map((end) => `${model.outputs[end.given]!.name} before [${end.reader}]`)
  return [
    `${asked}: implied`,
    `    ${severed.length === 0 ? 'no path as it is' : `no path after cutting ${severed.join(', ')}`}`,
  ]
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const model = garden()
  const names = model.outputs.map(({ name }) => name)
  console.log(`${drawText(model)}\n`)
  const cut = separated(model, { x: ['Rain'], y: ['Sprinkler'], given: ['Season'] })
  if (isLeft(cut)) console.log(showProblem(cut.left))
  else if (cut.right.kind === 'separated')
    console.log(`Rain and Sprinkler, cut at Season:\n\n${drawText(cut.right.cut)}\n`)
  console.log('Questions, with what joins the two variables or what had to be cut:\n')
  for (const [x, y, given] of [
    ['Rain', 'Sprinkler', []],
    ['Rain', 'Sprinkler', ['Season']],
    ['Rain', 'Sprinkler', ['Season', 'Shoes']],
    ['Season', 'Shoes', ['Lawn']],
    ['Season', 'Lawn', ['Rain']],
    ['Season', 'Lawn', ['Rain', 'Sprinkler']],
  ] as const)
    console.log(explain(model, x, y, given).join('\n'))

  console.log(
    '\nAll independences of two variables that the diagram implies, identities for every choice of its boxes:\n',
  )
  const implied = impliedIndependences(model)
  if (isLeft(implied)) console.log(showProblem(implied.left))
  else for (const independence of implied.right) console.log(`    ${showIndependence(independence, names)}`)
}
