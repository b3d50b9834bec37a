/** Every example runs by itself, ends well and says something; what each says is asserted beside it. */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

import { expect, inject, test } from 'vitest'

const examples = readdirSync('examples').filter((name) => name.endsWith('.ts'))

/** What a reader must find in the output of an example. */
const said: Readonly<Record<string, readonly RegExp[]>> = {
  'bayesian-network.ts': [
    /\[Sprinkler\]/,
    /Grass = wet: 0\.44838/,
    /22419\/50000, 27581\/50000/,
    /Rain = yes given Grass = wet: 0\.35769/,
    /Rain = yes given Grass = wet, Sprinkler = off: 1\.00000/,
    /probabilities: connected/,
    /line 18, column 3: the row of 'Sprinkler' given \(no\) sums to 0\.46/,
  ],
  'causal-model.ts': [/Rain ⊥ Sprinkler: not implied/, /Season ⊥ Shoes \| Lawn/],
  'common-cause.ts': [
    /same process: false/,
    /\[0\.4575, 0\.1425, 0\.1175, 0\.2825\]/,
    /fork[\s\S]*: connected/,
    /twoSeasons[\s\S]*: separated/,
  ],
  'compiled-network.ts': [
    /XRay = yes: Tuberculosis 0\.0924, Cancer 0\.4887, Bronchitis 0\.5063/,
    /nothing: Tuberculosis 0\.0104, Cancer 0\.0550, Bronchitis 0\.4500/,
    /Tuberculosis = yes, Cancer = no, Bronchitis = no, Either = yes/,
    /Cancer = yes and Either = no: impossible/,
  ],
  'disintegration.ts': [/marginal/],
  'gallery.ts': [/wrote gallery\/index\.html with 12 diagrams/],
  'hidden-markov.ts': [
    /chance of rain each day: 0\.8673, 0\.8204, 0\.3075, 0\.8204, 0\.8673/,
    /log probability \(identity, nats\): -3\.3725/,
    /together: rain, rain, sun, rain, rain/,
    /three weeks: 0\.6529, 0\.4257, 0\.6477/,
    /7656 steps/,
  ],
  'language-model-depths.ts': [/\(k_bb\)/, /attention/, /feed-forward/, /opening by two: true/],
  'own-category.ts': [
    /whatever the costs are: 79 laws checked, 3 failed/,
    /F1 naturality of discard does not hold in costs\n {2}law {4}f ; discard\[B\] = discard\[A\]\n {2}left {3}A ──\[f\]── B ──⏚\n/,
    /K1 positivity does not hold in costs/,
    /the cheapest outcome costs nothing: 79 laws checked, 0 failed/,
  ],
  'weather.ts': [/\[grass\]/, /combinators: true/, /doing nothing: true/, /\[0\.9, 0\.1, 0, 0\]/],
  'language-model.ts': [/k_emb/, /k_bb/, /k_head/, /Context/, /Token/],
}

test.each(examples)('%s', (name) => {
  const script = join(inject('built'), 'examples', name.replace(/\.ts$/, '.js'))
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8', cwd: inject('built') })
  expect(stderr).toBe('')
  expect(status).toBe(0)
  const expected = said[name]
  expect(expected, `say in this test what ${name} must print`).toBeDefined()
  for (const pattern of expected ?? []) expect(stdout).toMatch(pattern)
})
