/**
 * The outline of one box, its ports and the room for its name, relative to the middle of its first edge in the flow.
 */
import type { Box } from '../diagram.js'
import type { Measures } from './style.js'
import { shownText } from './text-width.js'

/** A place along the flow and across it. */
export interface FlowPoint {
  readonly along: number
  readonly across: number
}

/** How far something reaches from its axis, to the two sides. */
export interface Extent {
  readonly before: number
  readonly after: number
}

/** States have no inputs, effects no outputs, scalars neither. */
export type Shape = 'rectangle' | 'state' | 'effect' | 'scalar'

export interface BoxGeometry {
  readonly shape: Shape
  readonly name: string
  /** Its size along the flow. */
  readonly along: number
  readonly body: Extent
  /** With the labels and the grounds of its outputs. */
  readonly dressed: Extent
  readonly inputs: readonly number[]
  readonly outputs: readonly number[]
  readonly outline: readonly FlowPoint[]
  /** The centre of the name. */
  readonly nameAt: FlowPoint
}

/** What stands at an output port: the name of its wire, unless it is shown elsewhere, and a ground if nothing reads it. */
export interface PortDress {
  readonly label: string | undefined
  readonly discarded: boolean
}

export const shapeOf = ({ inputs, outputs }: Box): Shape =>
  inputs.length > 0 ? (outputs.length > 0 ? 'rectangle' : 'effect') : outputs.length > 0 ? 'state' : 'scalar'

/** How far the label and the ground of a wire reach from the wire. */
export const dressExtent = ({ label, discarded }: PortDress, measures: Measures): Extent => {
  const ground = discarded ? measures.groundHalfWidth : 0
  if (label === undefined || measures.labelsInline) return { before: ground, after: ground }
  return measures.direction === 'left-to-right'
    ? { before: Math.max(ground, measures.labelGap + measures.labelHeight), after: ground }
    : { before: ground, after: Math.max(ground, measures.labelGap + measures.labelWidth(label)) }
}

export const boxGeometry = (box: Box, dresses: readonly PortDress[], measures: Measures): BoxGeometry => {
  const shape = shapeOf(box)
  const name = shownText(box.name)
  const extents = dresses.map((dress) => dressExtent(dress, measures))
  const inputs = spread(
    box.inputs.map(() => measures.portSpacing),
    measures,
  )
  const outputs = spread(
    extents.map(({ before }, port) =>
      Math.max(measures.portSpacing, (extents[port - 1]?.after ?? 0) + before + measures.labelSeparation),
    ),
    measures,
  )
  const { along, body, outline, nameAt } = measures.singleLine
    ? cellOutline(name, inputs, outputs, measures)
    : pictureOutline(shape, name, inputs, outputs, measures)
  let { before, after } = body
  extents.forEach((extent, port) => {
    before = Math.max(before, extent.before - outputs[port]!)
    after = Math.max(after, extent.after + outputs[port]!)
  })
  return { shape, name, along, body, dressed: { before, after }, inputs, outputs, outline, nameAt }
}

/** Offsets of ports around the middle, from the distance of each to the one before it. */
const spread = (distances: readonly number[], { quantum }: Measures): readonly number[] => {
  let place = 0
  const places = distances.map((distance, port) => (place += port === 0 ? 0 : distance))
  const middle = quantum * Math.floor(place / 2 / quantum)
  return places.map((at) => at - middle)
}

type Outline = Pick<BoxGeometry, 'along' | 'body' | 'outline' | 'nameAt'>

const rectangle = (along: number, { before, after }: Extent): readonly FlowPoint[] => [
  { along: 0, across: -before },
  { along, across: -before },
  { along, across: after },
  { along: 0, across: after },
]

/** A name in brackets; with several ports on a side, a frame with a line for each. */
const cellOutline = (
  name: string,
  inputs: readonly number[],
  outputs: readonly number[],
  { nameWidth }: Measures,
): Outline => {
  const single = inputs.length <= 1 && outputs.length <= 1
  const along = nameWidth(name) + (single ? 2 : 4)
  const body = single
    ? { before: 0, after: 0 }
    : {
        before: 1 - Math.min(0, ...inputs.slice(0, 1), ...outputs.slice(0, 1)),
        after: 1 + Math.max(0, ...inputs.slice(-1), ...outputs.slice(-1)),
      }
  return { along, body, outline: rectangle(along, body), nameAt: { along: along / 2, across: 0 } }
}

const pictureOutline = (
  shape: Shape,
  name: string,
  inputs: readonly number[],
  outputs: readonly number[],
  measures: Measures,
): Outline => {
  const { direction, nameHeight, nameMargin, namePadding, portMargin, boxWidth } = measures
  const width = measures.nameWidth(name)
  const reach = Math.max(...inputs.slice(-1), ...outputs.slice(-1), 0)
  const ports = 2 * (reach + portMargin)
  const sideways = direction === 'left-to-right'
  const textAlong = sideways ? width : nameHeight
  const textAcross = sideways ? nameHeight : width
  if (shape !== 'rectangle') return pointedOutline(shape, textAlong, textAcross, ports, measures)
  const reading = Math.max(boxWidth, width + 2 * namePadding)
  const tall = nameHeight + 2 * nameMargin
  const along = sideways ? reading : tall
  const half = Math.max(sideways ? tall : reading, ports) / 2
  const body = { before: half, after: half }
  return { along, body, outline: rectangle(along, body), nameAt: { along: along / 2, across: 0 } }
}

/** The longest triangle along the flow, and the widest across it, that a name may lead to. */
const longestTriangle = 64
const widestTriangle = 128

/**
 * A triangle whose flat side has the ports, and which contains the name. A name that would make it a needle gets a bar with a
 * triangle at its end.
 */
const pointedOutline = (
  shape: Shape,
  textAlong: number,
  textAcross: number,
  ports: number,
  { direction, namePadding, nameMargin }: Measures,
): Outline => {
  const sideways = direction === 'left-to-right'
  const flat = sideways ? 6 : 4
  // A triangle with sides a (along) and c (across) contains the name at its flat side if name.along / a + name.across / c <= 1.
  const needAlong = textAlong + flat
  const needAcross = textAcross + 4
  let across = Math.max(ports, sideways ? 2 * needAcross : 40)
  let along = sideways ? 0 : 2 * needAlong
  if (sideways) along = Math.max(34, 2 * Math.ceil(needAlong / (1 - needAcross / across) / 2))
  else across = Math.max(across, 2 * Math.ceil(needAcross / (1 - needAlong / along) / 2))
  const slender = along <= longestTriangle && (sideways || across <= Math.max(ports, widestTriangle))
  if (shape !== 'scalar' && slender) {
    const half = across / 2
    const centre = along - flat - textAlong / 2
    const state: readonly FlowPoint[] = [
      { along: 0, across: 0 },
      { along, across: -half },
      { along, across: half },
    ]
    return oriented(shape, along, { before: half, after: half }, state, centre)
  }
  const half = Math.max(ports, textAcross + 2 * (sideways ? nameMargin : namePadding)) / 2
  const cap = Math.min(half, 16)
  const body = textAlong + flat + (sideways ? 2 : 4)
  const length = cap + body + (shape === 'scalar' ? cap : 0)
  const pointed: readonly FlowPoint[] = [
    { along: 0, across: 0 },
    { along: cap, across: -half },
    { along: cap + body, across: -half },
    ...(shape === 'scalar' ? [{ along: length, across: 0 }] : []),
    { along: cap + body, across: half },
    { along: cap, across: half },
  ]
  const centre = shape === 'scalar' ? length / 2 : length - flat - textAlong / 2
  return oriented(shape, length, { before: half, after: half }, pointed, centre)
}

/** The outline of a state, or its mirror image for an effect. */
const oriented = (shape: Shape, along: number, body: Extent, state: readonly FlowPoint[], centre: number): Outline => {
  const mirrored = shape === 'effect'
  return {
    along,
    body,
    outline: mirrored ? state.map((point) => ({ ...point, along: along - point.along })) : state,
    nameAt: { along: mirrored ? along - centre : centre, across: 0 },
  }
}
