import fc from 'fast-check'
import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import {
  box,
  canonicalKey,
  copy,
  decodeDiagram,
  type Diagram,
  type DiagramDocument,
  discard,
  encodeDiagram,
  equal,
  finite,
  id,
  par,
  parseDiagram,
  permute,
  printDiagram,
  program,
  real,
  seq,
  sequence,
  showProblem,
  state,
} from '../../dsl/index.js'
import { randomDiagram } from '../support/random-diagram.js'
import { differenceOfTrees } from '../support/same-tree.js'
import { valueOf } from '../support/value-of.js'
import { faultInDiagram } from '../support/well-typed.js'

const bit = finite('Bit', 2)
const weather = finite('Weather', ['sun', 'rain'])
const word = sequence('Word', bit, 3)
const hidden = real('Hidden', 8)
const read = box('read', [word], [hidden, bit], { deterministic: true })

/** Every kind of node, every kind of wire, a body, and a part that occurs twice. */
const everything = seq(
  par(id(word), state('s', [weather])),
  par(box('whole', [word], [hidden, bit], { body: read }), copy(weather)),
  permute([hidden, bit, weather, weather], [2, 0, 3, 1]),
  par(
    id(weather),
    discard(hidden),
    program([weather, bit], (w, b) => [b, w, b]),
  ),
)
const everythingText = `{"format":"markovcat-diagram","version":1,"wires":[
{"kind":"finite","name":"Bit","elements":2},
{"kind":"sequence","name":"Word","symbols":0,"length":3},
{"kind":"finite","name":"Weather","elements":["sun","rain"]},
{"kind":"real","name":"Hidden","dimension":8}
],"nodes":[
{"kind":"identity","wires":[1]},
{"kind":"box","name":"s","inputs":[],"outputs":[2],"deterministic":false},
{"kind":"par","parts":[0,1]},
{"kind":"box","name":"read","inputs":[1],"outputs":[3,0],"deterministic":true},
{"kind":"box","name":"whole","inputs":[1],"outputs":[3,0],"deterministic":false,"body":3},
{"kind":"copy","wires":[2]},
{"kind":"par","parts":[4,5]},
{"kind":"permute","wires":[3,0,2,2],"order":[2,0,3,1]},
{"kind":"identity","wires":[2]},
{"kind":"discard","wires":[3]},
{"kind":"program","inputs":[2,0],"steps":[],"returns":[1,0,1]},
{"kind":"par","parts":[8,9,10]},
{"kind":"seq","parts":[2,6,7,11]}
],"root":12}
`

describe('a document', () => {
  test('has each wire once, and parts before wholes', () => {
    expect(printDiagram(everything)).toBe(everythingText)
    expect(encodeDiagram(everything)).toEqual(JSON.parse(everythingText))
  })

  test('is read back as the same tree', () => {
    const back = valueOf(parseDiagram(everythingText))
    expect(differenceOfTrees(back, everything)).toBeUndefined()
    expect(equal(back, everything)).toBe(true)
  })

  test('has a part that is shared once, and it is shared again when it is read', () => {
    const part = seq(copy(bit), par(id(bit), discard(bit)))
    const document = encodeDiagram(seq(part, part, part))
    expect(document.nodes.map(({ kind }) => kind)).toEqual(['copy', 'identity', 'discard', 'par', 'seq', 'seq'])
    const back = valueOf(decodeDiagram(document))
    if (back.kind !== 'seq') throw new Error('the root is a seq')
    expect(back.parts[0]).toBe(back.parts[2])
  })

  test('numbers parts before wholes where a part is used at several depths', () => {
    const f = box('f', [bit], [bit])
    const inner = seq(f, f)
    for (const diagram of [seq(f, inner), seq(inner, f), par(inner, seq(inner, f), f)]) {
      const { nodes } = encodeDiagram(diagram)
      expect(nodes.filter(({ kind }) => kind === 'box').length).toBe(1)
      expect(differenceOfTrees(valueOf(decodeDiagram({ ...encodeDiagram(diagram) })), diagram)).toBeUndefined()
    }
  })

  test('is of a generator that can be called as of its data', () => {
    const callable = box('f', [bit], [bit])
    expect(typeof callable).toBe('function')
    expect(printDiagram(callable)).toBe(printDiagram(valueOf(parseDiagram(printDiagram(callable)))))
    expect(encodeDiagram(program([bit], (b) => callable(b))).nodes.length).toBe(2)
  })

  test('has a wire once, whichever records it is', () => {
    const f = box('f', [finite('A', ['a'])], [finite('A', ['a']), sequence('S', finite('A', ['a']), 2)])
    expect(encodeDiagram(f).wires).toEqual([
      { kind: 'finite', name: 'A', elements: ['a'] },
      { kind: 'sequence', name: 'S', symbols: 0, length: 2 },
    ])
  })

  test('may have nodes that the root does not use; they are checked and left out', () => {
    const document = encodeDiagram(copy(bit))
    const unused = { kind: 'discard', wires: [0] }
    const back = valueOf(decodeDiagram({ ...document, nodes: [...document.nodes, unused] }))
    expect(encodeDiagram(back)).toEqual(document)
    expect(isLeft(decodeDiagram({ ...document, nodes: [...document.nodes, { ...unused, wires: [1] }] }))).toBe(true)
  })

  test('may have lists with fields of their own, which are left out', () => {
    const list = <A>(entries: readonly A[]): readonly A[] => Object.assign([...entries], { constructor: 1, extra: 2 })
    const nodes = [
      { kind: 'identity', wires: list([0, 1]) },
      { kind: 'permute', wires: list([1, 0]), order: list([1, 0]) },
      { kind: 'seq', parts: list([0]) },
      { kind: 'program', inputs: [0, 1], steps: list([{ diagram: 2, reads: list([0, 1]) }]), returns: list([3, 2]) },
      { kind: 'par', parts: list([3, 1]) },
    ]
    const wires = list([{ kind: 'finite', name: 'A', elements: list(['a', 'b']) }, bit])
    const back = valueOf(decodeDiagram({ format: 'markovcat-diagram', version: 1, wires, nodes: list(nodes), root: 4 }))
    expect(faultInDiagram(back)).toBeUndefined()
    expect(back.outputs.map(({ name }) => name)).toEqual(['Bit', 'A', 'A', 'Bit'])
  })

  test('shares no list with the diagram that is read from it', () => {
    const document: DiagramDocument = JSON.parse(everythingText)
    const back = valueOf(decodeDiagram(document))
    const emptied: unknown[] = [document]
    for (let value = emptied.pop(); value !== undefined; value = emptied.pop()) {
      if (typeof value !== 'object' || value === null) continue
      emptied.push(...Object.values(value))
      if (Array.isArray(value)) value.length = 0
    }
    expect(document.nodes).toEqual([])
    expect(differenceOfTrees(back, everything)).toBeUndefined()
  })

  test.each(['', '__proto__', 'constructor', 'toString', 'a\nb', '"quoted"', '\u0000\u2028', '\ud800', '⊗ 雨 🎲'])(
    'may have any name: %j',
    (name) => {
      const diagram = box(
        name,
        [finite(name, [name, `${name} too`])],
        [sequence(name, finite(name, 2), 2), real(name, 0)],
      )
      const back = valueOf(parseDiagram(printDiagram(diagram)))
      expect(differenceOfTrees(back, diagram)).toBeUndefined()
      expect(faultInDiagram(back)).toBeUndefined()
    },
  )

  test('of a diagram that contains itself is an error of the program', () => {
    const parts: Diagram[] = []
    const circular: Diagram = { kind: 'seq', parts, inputs: [bit], outputs: [bit] }
    parts.push(circular)
    expect(() => encodeDiagram(circular)).toThrow('encodeDiagram: a seq contains itself')
  })
})

describe('random diagrams', () => {
  test('are read back as the same trees, with the same canonical key', () => {
    const kinds = new Map<string, number>()
    let bodies = 0
    fc.assert(
      fc.property(randomDiagram(), (diagram) => {
        const document = encodeDiagram(diagram)
        const text = printDiagram(diagram)
        const back = valueOf(decodeDiagram(document))
        const parsed = valueOf(parseDiagram(text))
        expect(JSON.parse(text)).toEqual(document)
        expect(differenceOfTrees(back, diagram)).toBeUndefined()
        expect(differenceOfTrees(parsed, diagram)).toBeUndefined()
        expect(faultInDiagram(parsed)).toBeUndefined()
        expect(canonicalKey(parsed)).toBe(canonicalKey(diagram))
        // Nothing of the text depends on when or from which records it was made.
        expect(printDiagram(diagram)).toBe(text)
        expect(printDiagram(parsed)).toBe(text)
        for (const node of document.nodes) {
          kinds.set(node.kind, (kinds.get(node.kind) ?? 0) + 1)
          if (node.kind === 'box' && node.body !== undefined) bodies += 1
        }
      }),
      { numRuns: 3000 },
    )
    for (const kind of ['box', 'identity', 'copy', 'discard', 'permute', 'seq', 'par', 'program'])
      expect([kind, (kinds.get(kind) ?? 0) > 300]).toEqual([kind, true])
    expect(bodies).toBeGreaterThan(300)
  })
})

describe('a document that is none', () => {
  const messageOf = (document: unknown): string => {
    const result = decodeDiagram(document)
    return isLeft(result) ? `${result.left.kind}: ${showProblem(result.left)}` : 'no problem'
  }
  const wires = [
    { kind: 'finite', name: 'A', elements: 2 },
    { kind: 'finite', name: 'B', elements: ['x', 'y', 'z'] },
  ]
  const f = { kind: 'box', name: 'f', inputs: [0], outputs: [1], deterministic: false }
  const valid = { format: 'markovcat-diagram', version: 1, wires, nodes: [f], root: 0 }
  const withNodes = (...nodes: readonly unknown[]): unknown => ({ ...valid, nodes: [f, ...nodes], root: nodes.length })
  const withWires = (...more: readonly unknown[]): unknown => ({ ...valid, wires: [...wires, ...more] })
  const withoutField = (record: object, field: string): unknown =>
    Object.fromEntries(Object.entries(record).filter(([key]) => key !== field))

  test('the document that the others are made from is one', () => expect(messageOf(valid)).toBe('no problem'))

  test.each<[string, unknown, string]>([
    ['a text', '{}', "malformed: document: found the text '{}'; parseDiagram reads texts"],
    [
      'null',
      null,
      "malformed: document: found null; documents of the format 'markovcat-diagram', version 1, are read here",
    ],
    [
      'a list',
      [valid],
      "malformed: document: found a list of 1; documents of the format 'markovcat-diagram', version 1, are read here",
    ],
    [
      'another format',
      { ...valid, format: 'markovcat-report' },
      "malformed: document, format: found the text 'markovcat-report'; documents of the format 'markovcat-diagram', version 1, are read here",
    ],
    [
      'no format',
      {},
      "malformed: document, format: found nothing; documents of the format 'markovcat-diagram', version 1, are read here",
    ],
    [
      'a later version',
      { ...valid, version: 2, boxes: [] },
      'malformed: document, version: found 2; version 1 is the one that is read here',
    ],
    [
      'a version that is a text',
      { ...valid, version: '1' },
      "malformed: document, version: found the text '1'; version 1 is the one that is read here",
    ],
    ['no nodes', withoutField(valid, 'nodes'), 'malformed: document, nodes: found nothing; give a list'],
    [
      'a field more',
      { ...valid, author: 'x' },
      "malformed: document, author: found the text 'x'; give no such field; the fields are format, version, wires, nodes, root",
    ],
    [
      'a root that is no node',
      { ...valid, root: 1 },
      'malformed: document, root: there is no node 1 before this; name nodes from 0 to 0 here',
    ],
    [
      'a root of no nodes',
      { ...valid, nodes: [] },
      'malformed: document, root: there is no node 0 before this; there are no nodes to name here',
    ],
    [
      'an unknown kind of wire',
      withWires({ kind: 'int', name: 'N' }),
      "malformed: wire 2, kind: found the text 'int'; give one of finite, real, sequence",
    ],
    [
      'a kind that every record has',
      withWires({ kind: 'toString', name: 'N' }),
      "malformed: wire 2, kind: found the text 'toString'; give one of finite, real, sequence",
    ],
    ['a wire that is a hole', { ...valid, wires: new Array(3) }, 'malformed: wire 0: found nothing; give a record'],
    [
      'a wire twice',
      withWires({ name: 'A', elements: 2, kind: 'finite' }),
      'malformed: wire 2: it is wire 0 again; list each wire once, and name it by number',
    ],
    [
      'an element twice',
      withWires({ kind: 'finite', name: 'C', elements: ['x', 'y', 'x'] }),
      "malformed: wire 2, finite('C', [...]): an element is named twice, 'x'; elements of a set differ",
    ],
    [
      'an element that is a number',
      withWires({ kind: 'finite', name: 'C', elements: ['x', 1] }),
      'malformed: wire 2, elements[1]: found 1; give a text',
    ],
    [
      'elements that are a text',
      withWires({ kind: 'finite', name: 'C', elements: 'two' }),
      "malformed: wire 2, elements: found the text 'two'; give a list of texts or a number",
    ],
    [
      'a size that is no count',
      withWires({ kind: 'finite', name: 'C', elements: -1 }),
      "malformed: wire 2, finite('C', n): the size must be a whole number of at least 0, not -1; give a count",
    ],
    [
      'a size that is too large to be counted with',
      withWires({ kind: 'finite', name: 'C', elements: 1e300 }),
      "malformed: wire 2, finite('C', n): the size 1e+300 is too large; give at most 9007199254740991",
    ],
    [
      'a dimension that is no count',
      withWires({ kind: 'real', name: 'R', dimension: 1.5 }),
      "malformed: wire 2, real('R', d): the dimension must be a whole number of at least 0, not 1.5; give a count",
    ],
    [
      'a length that is no count',
      withWires({ kind: 'sequence', name: 'S', symbols: 0, length: Number.NaN }),
      "malformed: wire 2, sequence('S', symbols, n): the length must be a whole number of at least 0, not NaN; give a count",
    ],
    [
      'symbols that come later',
      withWires({ kind: 'sequence', name: 'S', symbols: 2, length: 1 }),
      'malformed: wire 2, symbols: there is no wire 2 before this; name wires from 0 to 1 here',
    ],
    [
      'symbols that are no finite set',
      withWires({ kind: 'real', name: 'R', dimension: 1 }, { kind: 'sequence', name: 'S', symbols: 2, length: 1 }),
      'malformed: wire 3, symbols: wire 2 is no finite set; name a finite wire',
    ],
    [
      'a misspelt field',
      withNodes({ ...f, boddy: 0 }),
      'malformed: node 1, boddy: found 0; give no such field; the fields are kind, name, inputs, outputs, deterministic, body',
    ],
    [
      'a field with the name of the prototype',
      withNodes(JSON.parse('{"kind":"copy","__proto__":{"wires":[0]}}')),
      'malformed: node 1, wires: found nothing; give a list of numbers',
    ],
    [
      'such a field more',
      withNodes(JSON.parse('{"kind":"copy","wires":[0],"__proto__":{"wires":[1]}}')),
      'malformed: node 1, __proto__: found an object; give no such field; the fields are kind, wires',
    ],
    [
      'a record that inherits its fields',
      withNodes(Object.create({ kind: 'copy', wires: [0] })),
      `malformed: node 1, kind: found nothing; give one of box, identity, copy, discard, permute, seq, par, program`,
    ],
    [
      'a record that inherits one field',
      withNodes(Object.assign(Object.create({ wires: [0] }), { kind: 'copy' })),
      'malformed: node 1, wires: found nothing; give a list of numbers',
    ],
    [
      'a wire that is not there',
      withNodes({ ...f, outputs: [0, 2] }),
      'malformed: node 1, outputs[1]: there is no wire 2 before this; name wires from 0 to 1 here',
    ],
    [
      'half a wire',
      withNodes({ kind: 'discard', wires: [0.5] }),
      'malformed: node 1, wires[0]: there is no wire 0.5 before this; name wires from 0 to 1 here',
    ],
    [
      'a body that comes later',
      withNodes({ ...f, body: 1 }),
      'malformed: node 1, body: there is no node 1 before this; name nodes from 0 to 0 here',
    ],
    [
      'a body with other wires',
      withNodes({ ...f, outputs: [0], body: 0 }),
      "wire-mismatch: node 1, box 'f': its body goes from A to B; it must have the box's own wires, from A to A",
    ],
    [
      'an order that is none',
      withNodes({ kind: 'permute', wires: [0, 1], order: [1, 1] }),
      'malformed: node 1, permute: [1, 1] is no order of 2 wires; name each from 0 to 1 once',
    ],
    [
      'a composite of itself',
      withNodes({ kind: 'seq', parts: [1] }),
      'malformed: node 1, parts[0]: there is no node 1 before this; name nodes from 0 to 0 here',
    ],
    [
      'a sequential composite of nothing',
      withNodes({ kind: 'seq', parts: [] }),
      'malformed: node 1, seq: there are no parts; give at least one diagram',
    ],
    [
      'parts that do not fit',
      withNodes({ kind: 'seq', parts: [0, 0] }),
      'wire-mismatch: node 1, seq: part 2 takes A, but the part before it gives B; they must be the same wires',
    ],
    [
      'a step that reads too few wires',
      withNodes({ kind: 'program', inputs: [0], steps: [{ diagram: 0, reads: [] }], returns: [] }),
      'wire-mismatch: node 1, program: step 1 reads 0 wires, but its diagram takes 1; name one wire for each of its inputs',
    ],
    [
      'a step that reads another wire',
      withNodes({ kind: 'program', inputs: [1], steps: [{ diagram: 0, reads: [0] }], returns: [] }),
      'wire-mismatch: node 1, program: step 1 takes A (2 elements) as input 1 of 1, but reads wire 0, which is B (3 elements); they must be the same wire',
    ],
    [
      'a step that reads what it gives',
      withNodes({ kind: 'program', inputs: [0], steps: [{ diagram: 0, reads: [1] }], returns: [] }),
      'malformed: node 1, program: step 1 reads wire 1, which does not exist; name wires from 0 to 0 there',
    ],
    [
      'a wire returned that is not there',
      withNodes({ kind: 'program', inputs: [0], steps: [{ diagram: 0, reads: [0] }], returns: [2] }),
      'malformed: node 1, program: it returns wire 2, which does not exist; name wires from 0 to 1 there',
    ],
    [
      'a step of a diagram that is not there',
      withNodes({ kind: 'program', inputs: [0], steps: [{ diagram: 7, reads: [0] }], returns: [] }),
      'malformed: node 1, steps[0].diagram: there is no node 7 before this; name nodes from 0 to 0 here',
    ],
    [
      'a step that is a number',
      withNodes({ kind: 'program', inputs: [0], steps: [0], returns: [] }),
      'malformed: node 1, steps[0]: found 0; give a record of diagram, reads',
    ],
    [
      'a number in a step that is a text',
      withNodes({ kind: 'program', inputs: [0], steps: [{ diagram: 0, reads: ['0'] }], returns: [] }),
      "malformed: node 1, steps[0].reads[0]: found the text '0'; give a number",
    ],
    [
      'a name on two lines, and a long one',
      withNodes({ ...f, name: `a\nb${'c'.repeat(100)}`, outputs: [0], body: 0 }),
      `wire-mismatch: node 1, box 'a\\u000ab${'c'.repeat(57)}…': its body goes from A to B; it must have the box's own wires, from A to A`,
    ],
  ])('%s', (_, document, message) => expect(messageOf(document)).toBe(message))

  test.each<[string, string, RegExp]>([
    ['no text', '', /^document: it is no JSON \(.+\); give a text that printDiagram has written$/],
    ['half a text', everythingText.slice(0, 700), /^document: it is no JSON \(.+\); /],
    ['a text nested very deep', '['.repeat(1_000_000), /^document: it is no JSON \(.+\); /],
    ['another text nested very deep', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, /^document: found a list of 1; /],
    ['JSON of another kind', '3', /^document: found 3; /],
  ])('%s', (_, text, message) => {
    const result = parseDiagram(text)
    expect(isLeft(result) ? showProblem(result.left) : 'no problem').toMatch(message)
    expect(isLeft(result) ? showProblem(result.left) : '').not.toMatch(/\n/)
  })
})
