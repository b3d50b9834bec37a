import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { drawText } from '../../../dsl/draw/index.js'
import { type Layout, layoutWith } from '../../../dsl/draw/layout.js'
import { textMeasures } from '../../../dsl/draw/style.js'
import { columnsOfCharacter } from '../../../dsl/draw/text-width.js'
import {
  box,
  copy,
  type Diagram,
  discard,
  finite,
  id,
  par,
  real,
  seq,
  sequence,
  state,
  swap,
} from '../../../dsl/index.js'
import { wiringOf } from '../../../dsl/wiring.js'
import { chain, comb, drawnDiagram, grid } from './drawn-diagram.js'

const A = finite('A', 2)
const B = finite('B', 2)
const C = finite('C', 2)
const Weather = finite('Weather', 2)
const Grass = finite('Grass', 2)
const Token = finite('Token', 2)
const grass = box('grass', [Weather], [Grass])

const picture = (diagram: Diagram): readonly string[] => ['', ...drawText(diagram).split('\n'), '']
const lines = (text: string): readonly string[] => text.split('\n').map((line) => line.replace(/^ {4}\|/, ''))

describe('pinned', () => {
  test('a chain is one line', () => {
    const [context, embedding, hidden] = [sequence('Context', Token, 2), real('Embedding', 4), real('Hidden', 2)]
    const diagram = seq(
      box('k_emb', [context], [embedding]),
      box('k_bb', [embedding], [hidden]),
      box('k_head', [hidden], [Token]),
    )
    expect(drawText(diagram)).toBe('Context ──[k_emb]── Embedding ──[k_bb]── Hidden ──[k_head]── Token')
  })

  test('deterministic boxes have round brackets', () => {
    expect(drawText(box('f', [A], [B], { deterministic: true }))).toBe('A ──(f)── B')
  })

  test('copy', () => {
    expect(picture(seq(copy(Weather), par(id(Weather), grass)))).toEqual(
      lines(`
    |          ┌────────── Weather
    |Weather ──●─[grass]── Grass
`),
    )
  })

  test('a comb', () => {
    expect(picture(comb(2))).toEqual(
      lines(`
    |                   ┌─[emit]────────────────────── Seen
    |[start]── Hidden ──●─[step]── Hidden ──●─[emit]── Seen
    |                                       └─[step]── Hidden
`),
    )
  })

  test('frames and discards', () => {
    const diagram = seq(par(box('f', [A], [B, C, A]), id(C)), par(discard(B), id(C, A, C)))
    expect(picture(seq(diagram, par(box('g', [C, A], [A], { deterministic: true }), id(C))))).toEqual(
      lines(`
    |    ┌───┐
    |    │   ├── B ──⏚ ╭───╮
    |A ──┤ f ├── C ────┤ g ├── A
    |    │   ├── A ────┤   │
    |    └───┘         ╰───╯
    |C ─────────────────────── C
`),
    )
  })

  test('wires that cross', () => {
    expect(picture(seq(swap(A, B), par(box('f', [B], [C]), id(A))))).toEqual(
      lines(`
    |    ┌─[f]── C
    |A ──┼────── A
    |B ──┘
`),
    )
    expect(picture(swap(A, B))).toEqual(
      lines(`
    |    ┌─ B
    |A ──┼─ A
    |B ──┘
`),
    )
  })

  test('labels may be left out, a title may be given', () => {
    expect(drawText(seq(grass, discard(Grass)), { labels: false })).toBe('──[grass]──⏚')
    expect(drawText(grass, { title: 'rain makes wet' })).toBe('rain makes wet\nWeather ──[grass]── Grass')
  })

  test('wide and combining characters keep the columns', () => {
    expect(picture(seq(copy(A), par(box('条件', [A], [B]), box('e\u0301', [A], [C]))))).toEqual(
      lines(`
    |A ──●─[条件]── B
    |    └──[e\u0301]──── C
`),
    )
  })

  test('nothing', () => {
    expect(drawText(id())).toBe('')
    expect(drawText(discard(A))).toBe('A ──⏚')
    expect(drawText(state('p', [A]))).toBe('[p]── A')
    expect(drawText(box('e', [A], []))).toBe('A ──[e]')
    expect(drawText(box('s', [], []))).toBe('[s]')
  })
})

type Side = 'left' | 'right' | 'up' | 'down'
const opposite: Readonly<Record<Side, Side>> = { left: 'right', right: 'left', up: 'down', down: 'up' }
const step: Readonly<Record<Side, readonly [number, number]>> = {
  left: [-1, 0],
  right: [1, 0],
  up: [0, -1],
  down: [0, 1],
}
/** The ways through a sign: from the side that it is entered on, the sides that it is left on. */
const waysThrough = (sign: string, entered: Side): readonly Side[] => {
  const arms: Readonly<Record<string, readonly Side[]>> = {
    '─': ['left', 'right'],
    '│': ['up', 'down'],
    '┌': ['right', 'down'],
    '┐': ['left', 'down'],
    '└': ['right', 'up'],
    '┘': ['left', 'up'],
  }
  if (sign === '┼') return [opposite[entered]]
  const sides = arms[sign] ?? []
  return sides.includes(entered) ? sides.filter((side) => side !== entered) : []
}

const sidesBut = (entered: Side): readonly Side[] =>
  (['left', 'right', 'up', 'down'] as const).filter((side) => side !== entered)

/** What the printed signs connect to the wire that starts in a cell: cells in which it ends, and how often it is discarded. */
const follow = (grid: readonly (readonly string[])[], x: number, y: number) => {
  const ends: string[] = []
  let discards = 0
  const seen = new Set<string>()
  // A cell and the side on which it is entered.
  const open: (readonly [number, number, Side])[] = [[x, y, 'left']]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [column, row, entered] = next
    const key = next.join(' ')
    if (seen.has(key)) continue
    seen.add(key)
    const sign = grid[row]?.[column] ?? ' '
    if (sign === '⏚') {
      discards += 1
      continue
    }
    const onward = sign === '●' ? sidesBut(entered) : waysThrough(sign, entered)
    if (onward.length === 0 && entered === 'left') ends.push(`${column} ${row}`)
    for (const side of onward) {
      const [dx, dy] = step[side]
      const there = grid[row + dy]?.[column + dx] ?? ' '
      // Of the signs around a dot, those join it that have an arm to it.
      const joins = '●⏚'.includes(there) || waysThrough(there, opposite[side]).length > 0
      if (sign !== '●' || joins) open.push([column + dx, row + dy, opposite[side]])
    }
  }
  return { ends: ends.sort(), discards }
}

/** The signs by cells; the labels on wires, which interrupt them, are taken as wire. */
const cellsOf = (text: string, drawing: Layout): readonly (readonly string[])[] => {
  const rows = text.split('\n').map((line) => {
    const cells: string[] = []
    for (const character of line) {
      const columns = columnsOfCharacter(character)
      if (columns > 0) cells.push(character)
      if (columns > 1) cells.push('')
    }
    return cells
  })
  for (const { kind, x, y, width } of drawing.labels)
    if (kind === 'wire') for (let column = x - 1; column <= x + width; column++) rows[y]![column] = '─'
  return rows
}

test('what is printed can be read back: every wire leads to its consumers and to nothing else', () => {
  fc.assert(
    fc.property(drawnDiagram, fc.boolean(), (diagram, labels) => {
      const wiring = wiringOf(diagram)
      const drawing = layoutWith(diagram, textMeasures({ labels }))
      const cells = cellsOf(drawText(diagram, { labels }), drawing)
      wiring.wires.forEach((_, wire) => {
        const pieces = drawing.wires.filter((piece) => piece.wire === wire)
        const start = pieces.find(({ from }) => from.kind !== 'copy')!.start
        const consumers = pieces.flatMap(({ to, start: from, steps }) => {
          if (to.kind !== 'box' && to.kind !== 'output') return []
          const end = steps[steps.length - 1]?.to ?? from
          return [`${end.x} ${end.y}`]
        })
        const { ends, discards } = follow(cells, start.x, start.y)
        expect(ends).toEqual(consumers.sort())
        expect(discards).toBe(consumers.length === 0 ? 1 : 0)
      })
    }),
    { numRuns: 300 },
  )
})

test('large diagrams', () => {
  expect(drawText(chain(5000)).length).toBe(
    'A ──'.length + 5000 * '[f]'.length + 4999 * '── A ──'.length + '── A'.length,
  )
  expect(drawText(comb(100)).split('\n').length).toBe(101)
  expect(drawText(grid(20)).split('\n').length).toBeGreaterThan(60)
})
