/** A TypeScript text with two programs of many boxes: composites in composites, and one function of variables. */

/** How many boxes `longProgram` composes in each of its two ways. */
export const longProgramBoxes = 200

/** The module; `library` is where it imports the language from. */
export const longProgram = (library: string): string => {
  const parts = Array.from({ length: 50 }, (_, k) => (k % 2 === 0 ? 'f' : 'g')).join(', ')
  const composites = ['one', 'two', 'three', 'four']
  const applications = Array.from({ length: longProgramBoxes }, (_, k) =>
    k % 2 === 0 ? `  const [x${k + 1}] = f(x${k})` : `  const [x${k + 1}] = g(x${k})`,
  )
  return `import { box, finite, program, seq } from '${library}'
const A = finite('A', ['a', 'b'])
const B = finite('B', 3)
const f = box('f', [A], [B])
const g = box('g', [B], [A])
${composites.map((name) => `const ${name} = seq(${parts})`).join('\n')}
export const composite = seq(${composites.join(', ')})
export const applied = program([A], (x0) => {
${applications.join('\n')}
  return [x${longProgramBoxes}]
})
`
}
