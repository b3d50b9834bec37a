/** What the compiler knows of diagrams, and which programs it refuses. */
import { describe, expectTypeOf, test } from 'vitest'

import {
  type Box,
  box,
  copy,
  type Diagram,
  discard,
  finite,
  type Finite,
  id,
  par,
  permute,
  program,
  real,
  type Real,
  seq,
  sequence,
  state,
  swap,
  type Variable,
  type Wire,
  type Wires,
} from '../../dsl/index.js'

const Weather = finite('Weather', ['sun', 'rain'])
const Grass = finite('Grass', ['dry', 'wet'])
const Hidden = real('Hidden', 8)
const Context = sequence('Context', Weather, 3)
type W = typeof Weather
type G = typeof Grass
type H = typeof Hidden

const weather = state('weather', [Weather])
const grass = box('grass', [Weather], [Grass])
const join = box('join', [Weather, Grass], [Hidden])
const anyWires = (): Wires => [Weather]
const anyDiagram = (): Diagram => grass

describe('types of wires', () => {
  test('carry name and shape', () => {
    expectTypeOf(Weather).toEqualTypeOf<Finite<'Weather', readonly ['sun', 'rain']>>()
    expectTypeOf(finite('Die', 6)).toEqualTypeOf<Finite<'Die', 6>>()
    expectTypeOf(Hidden).toEqualTypeOf<Real<'Hidden', 8>>()
    expectTypeOf(Context.symbols).toEqualTypeOf<W>()
    expectTypeOf(Context.length).toEqualTypeOf<3>()
  })

  test('are wires', () => {
    expectTypeOf<W>().toExtend<Wire>()
    expectTypeOf<[W, H]>().toExtend<Wires>()
  })
})

describe('types of diagrams', () => {
  const ends = <In extends Wires, Out extends Wires>(diagram: Diagram<In, Out>): [In, Out] => [
    diagram.inputs,
    diagram.outputs,
  ]

  test('generators', () => {
    expectTypeOf(grass).toExtend<Box<[W], [G]>>()
    expectTypeOf(ends(weather)).toEqualTypeOf<[[], [W]]>()
    expectTypeOf(ends(join)).toEqualTypeOf<[[W, G], [H]]>()
  })

  test('structure', () => {
    expectTypeOf(ends(id(Weather, Grass))).toEqualTypeOf<[[W, G], [W, G]]>()
    expectTypeOf(ends(id())).toEqualTypeOf<[[], []]>()
    expectTypeOf(ends(copy(Weather, Grass))).toEqualTypeOf<[[W, G], [W, G, W, G]]>()
    expectTypeOf(ends(discard(Weather))).toEqualTypeOf<[[W], []]>()
    expectTypeOf(ends(swap(Weather, Grass))).toEqualTypeOf<[[W, G], [G, W]]>()
    expectTypeOf(ends(swap([Weather, Grass], Hidden))).toEqualTypeOf<[[W, G, H], [H, W, G]]>()
    expectTypeOf(ends(swap(Weather, []))).toEqualTypeOf<[[W], [W]]>()
  })

  test('composites', () => {
    expectTypeOf(ends(seq(weather, grass))).toEqualTypeOf<[[], [G]]>()
    expectTypeOf(ends(seq(copy(Weather), par(id(Weather), grass), join))).toEqualTypeOf<[[W], [H]]>()
    expectTypeOf(ends(par(weather, grass, join))).toEqualTypeOf<[[W, W, G], [W, G, H]]>()
    expectTypeOf(ends(par())).toEqualTypeOf<[[], []]>()
    expectTypeOf(ends(seq(par(grass, grass), par(discard(Grass), id(Grass))))).toEqualTypeOf<[[W, W], [G]]>()
  })

  test('a wire of the same name and shape is the same wire', () => {
    expectTypeOf(ends(seq(grass, discard(finite('Grass', ['dry', 'wet']))))).toEqualTypeOf<[[W], []]>()
  })

  test('programs', () => {
    const both = program([Weather], (w) => {
      expectTypeOf(w).toEqualTypeOf<Variable<W>>()
      const [g] = grass(w)
      expectTypeOf(g).toEqualTypeOf<Variable<G>>()
      return [w, g]
    })
    expectTypeOf(ends(both)).toEqualTypeOf<[[W], [W, G]]>()
  })

  test('what is known at run time only composes with anything, and is checked then', () => {
    expectTypeOf(seq(anyDiagram(), grass).outputs).toEqualTypeOf<[G]>()
    expectTypeOf(seq(grass, anyDiagram()).inputs).toEqualTypeOf<[W]>()
    expectTypeOf(seq(grass, discard(...anyWires())).inputs).toEqualTypeOf<[W]>()
    expectTypeOf(permute([Weather, Grass], [1, 0]).outputs).toExtend<Wires>()
  })
})

describe('wrong programs do not compile', () => {
  test('sequential composites', () => {
    // @ts-expect-error: a wire of another name
    seq(grass, grass)
    // @ts-expect-error: the third part, not the second
    seq(weather, grass, grass)
    // @ts-expect-error: one wire too many
    seq(copy(Weather), grass)
    // @ts-expect-error: one wire too few
    seq(weather, join)
    // @ts-expect-error: nothing where a wire is wanted
    seq(discard(Weather), weather, grass, weather)
    // @ts-expect-error: a wire where nothing is wanted
    seq(grass, weather)
    // @ts-expect-error: the right wires in the wrong order
    seq(par(grass, id(Weather)), join)
    // @ts-expect-error: the same name, other elements
    seq(grass, discard(finite('Grass', ['wet', 'dry'])))
    // @ts-expect-error: the same name, a size instead of elements
    seq(grass, discard(finite('Grass', 2)))
    // @ts-expect-error: the same name, another kind of wire
    seq(join, discard(finite('Hidden', 8)))
    // @ts-expect-error: another dimension
    seq(join, discard(real('Hidden', 9)))
    // @ts-expect-error: another length
    seq(state('context', [Context]), discard(sequence('Context', Weather, 4)))
    // @ts-expect-error: sequences of other symbols
    seq(state('context', [Context]), discard(sequence('Context', Grass, 3)))
    // @ts-expect-error: inside a parallel composite
    seq(copy(Weather), par(grass, join))
    // @ts-expect-error: behind a swap of tuples
    seq(swap([Weather, Grass], Hidden), discard(Weather, Grass, Hidden))
    // @ts-expect-error: nothing to compose
    seq()
    // @ts-expect-error: a wire is no diagram
    seq(Weather)
  })

  test('what is given and what is said to be given', () => {
    // @ts-expect-error: the type says that nothing comes out
    const silent: Diagram<[W], []> = grass
    // @ts-expect-error: the type says that nothing goes in
    const closed: Diagram<[], [G]> = seq(grass, id(Grass))
    // @ts-expect-error: the body has other wires
    box('outer', [Weather], [Weather], { body: grass })
    // @ts-expect-error: a name where a wire is wanted
    box('grass', ['Weather'], [Grass])
    // @ts-expect-error: elements have names
    finite('Die', [1, 2, 3])
    // @ts-expect-error: sequences are over finite sets
    sequence('Path', Hidden, 3)
    return [silent, closed]
  })

  test('programs', () => {
    // @ts-expect-error: the variable has another wire
    program([Grass], (g) => grass(g))
    // @ts-expect-error: a variable is missing
    program([Weather], (w) => join(w))
    // @ts-expect-error: the variables are in the wrong order
    program([Weather, Grass], (w, g) => join(g, w))
    // @ts-expect-error: a box gives a list of variables
    program([Weather], (w) => join(w, grass(w)))
    // @ts-expect-error: what it gives has another wire
    program([Weather], (w) => grass(...grass(w)))
    // @ts-expect-error: it must return variables
    program([Weather], () => [Grass])
  })
})
