/**
 * A Bayesian network, compiled: many patients at once. Run it after a build: `node dist/examples/compiled-network.js`.
 *
 * The network is a diagram whose outputs are its variables. What is known of a patient is evidence on some of them, another for each
 * member of a batch; unknown values stay open.
 */
import { pathToFileURL } from 'node:url'

import { isLeft } from 'fp-ts/lib/Either.js'

import { type Problem, showProblem } from '../dsl/index.js'
import { compile, networkDiagram, networkMeanings, parseBif, unobserved } from '../src/index.js'

/** S. L. Lauritzen and D. J. Spiegelhalter, "Local computations with probabilities on graphical structures" (1988). */
export const clinic = `
network clinic {
}
variable Travel { type discrete [ 2 ] { yes, no }; }
variable Smoking { type discrete [ 2 ] { yes, no }; }
variable Tuberculosis { type discrete [ 2 ] { yes, no }; }
variable Cancer { type discrete [ 2 ] { yes, no }; }
variable Bronchitis { type discrete [ 2 ] { yes, no }; }
variable Either { type discrete [ 2 ] { yes, no }; }
variable XRay { type discrete [ 2 ] { yes, no }; }
variable Dyspnoea { type discrete [ 2 ] { yes, no }; }
probability ( Travel ) { table 0.01, 0.99; }
probability ( Smoking ) { table 0.5, 0.5; }
probability ( Tuberculosis | Travel ) { (yes) 0.05, 0.95; (no) 0.01, 0.99; }
probability ( Cancer | Smoking ) { (yes) 0.1, 0.9; (no) 0.01, 0.99; }
probability ( Bronchitis | Smoking ) { (yes) 0.6, 0.4; (no) 0.3, 0.7; }
probability ( Either | Cancer, Tuberculosis ) {
  (yes, yes) 1, 0; (no, yes) 1, 0; (yes, no) 1, 0; (no, no) 0, 1;
}
probability ( XRay | Either ) { (yes) 0.98, 0.02; (no) 0.05, 0.95; }
probability ( Dyspnoea | Bronchitis, Either ) {
  (yes, yes) 0.9, 0.1; (no, yes) 0.7, 0.3; (yes, no) 0.8, 0.2; (no, no) 0.1, 0.9;
}
`

const orExit = <A>(result: { _tag: 'Left'; left: Problem } | { _tag: 'Right'; right: A }): A => {
  if (!isLeft(result)) return result.right
  console.error(showProblem(result.left))
  process.exit(1)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const network = orExit(parseBif(clinic))
  const names = network.variables.map(({ name }) => name)
  const symptoms = ['Travel', 'Smoking', 'XRay', 'Dyspnoea']
  const observed = symptoms.map((name) => names.indexOf(name))
  const patients = [
    { XRay: 'yes' },
    { XRay: 'yes', Dyspnoea: 'yes', Smoking: 'no', Travel: 'yes' },
    { Dyspnoea: 'yes', Smoking: 'yes' },
    {},
  ]
  const evidence = symptoms.map((name) =>
    patients.map((patient) => {
      const value = Object.entries(patient).find(([known]) => known === name)?.[1]
      return value === undefined
        ? unobserved
        : network.variables.find((each) => each.name === name)!.values.indexOf(value)
    }),
  )

  const diagram = networkDiagram(network)
  const evaluator = orExit(await compile(diagram, networkMeanings(network), { observed, question: 'marginals' }))
  const diagnoses = orExit(await evaluator.run([], { evidence }))
  console.log('Given what is known (identity, in float32):')
  patients.forEach((patient, member) => {
    const known = Object.entries(patient).map(([name, value]) => `${name} = ${value}`)
    const chances = ['Tuberculosis', 'Cancer', 'Bronchitis'].map((name) => {
      const output = diagnoses.outputs[names.indexOf(name)]
      return `${name} ${output?.kind === 'marginal' ? output.entries[2 * member]!.toFixed(4) : '-'}`
    })
    console.log(`    ${known.join(', ') || 'nothing'}: ${chances.join(', ')}`)
  })

  const explaining = orExit(await compile(diagram, networkMeanings(network), { observed, question: 'most-likely' }))
  const explained = orExit(await explaining.run([], { evidence }))
  const whole = names.flatMap((name, port) => {
    const output = explained.outputs[port]
    if (output?.kind !== 'most-likely') return []
    return [`${name} = ${network.variables[port]!.values[output.entries[1]!]!}`]
  })
  console.log(`\nThe second patient, most likely values together: ${whole.join(', ')}`)

  // Either is what Cancer or Tuberculosis makes it: evidence that contradicts itself is impossible, not merely rare.
  const contradicted = orExit(
    await compile(diagram, networkMeanings(network), {
      observed: ['Cancer', 'Either'].map((name) => names.indexOf(name)),
      question: 'marginals',
    }),
  )
  const { evidence: status } = orExit(await contradicted.run([], { evidence: [[0], [1]] }))
  console.log(`\nCancer = yes and Either = no: ${status?.join()}`)
  for (const each of [evaluator, explaining, contradicted]) await each.dispose()
}
