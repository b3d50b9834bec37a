/** Documents that somebody has damaged: structural mutations of JSON-shaped data. */
import fc from 'fast-check'

type Container = Record<string, unknown> | unknown[]

interface Place {
  readonly container: Container
  readonly key: string
  readonly value: unknown
}

export interface Mutation {
  readonly kind: (typeof kinds)[number]
  readonly at: number
  readonly other: number
  readonly garbage: unknown
}

const kinds = [
  'delete',
  'duplicate',
  'copy a value',
  'bad number',
  'near number',
  'near number',
  'near number',
  'another number',
  'another number',
  'swap texts',
  'truncate',
  'swap entries',
  'flip',
  'garbage',
  'new field',
  'huge list',
  'deep nest',
  'prototype',
] as const

const badNumbers = [Number.NaN, -1, 1e9, 1.5, 2 ** 53, 1e300, Infinity, -0, 4294967295]

export const mutations: fc.Arbitrary<readonly Mutation[]> = fc.array(
  fc.record({
    kind: fc.constantFrom(...kinds),
    at: fc.nat(99_999),
    other: fc.nat(99_999),
    garbage: fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withNullPrototype: true,
      withSparseArray: true,
      withTypedArray: true,
      withUnicodeString: true,
      maxDepth: 3,
    }),
  }),
  { minLength: 1, maxLength: 3 },
)

/** A document with mutations; the document itself stays as it is. */
export const mutated = (document: unknown, list: readonly Mutation[]): unknown => {
  const wrapped: Record<string, unknown> = { root: structuredClone(document) }
  for (const mutation of list) mutate(wrapped, mutation)
  return wrapped['root']
}

const mutate = (root: Record<string, unknown>, { kind, at, other, garbage }: Mutation): void => {
  const everywhere = placesIn(root)
  const pick = (places: readonly Place[], number: number): Place | undefined => places[number % places.length]
  const place = pick(everywhere, at)
  const numbers = everywhere.filter(({ value }) => typeof value === 'number')
  const texts = everywhere.filter(({ value }) => typeof value === 'string')
  const lists = everywhere.filter(({ value }) => Array.isArray(value))
  const replace = (where: Place | undefined, value: unknown): void => {
    if (where !== undefined) put(where.container, where.key, value)
  }
  switch (kind) {
    case 'delete':
      if (place === undefined) return
      if (Array.isArray(place.container)) splice(place.container, Number(place.key), 1)
      else Reflect.deleteProperty(place.container, place.key)
      return
    case 'duplicate': {
      const entry = pick(
        everywhere.filter(({ container }) => Array.isArray(container)),
        at,
      )
      if (entry !== undefined && Array.isArray(entry.container))
        splice(entry.container, Number(entry.key), 0, entry.value)
      return
    }
    case 'copy a value':
      return replace(place, pick(everywhere, other)?.value)
    case 'bad number':
      return replace(pick(numbers, at), badNumbers[other % badNumbers.length])
    case 'near number': {
      const where = pick(numbers, at)
      return replace(where, Number(where?.value) + ((other % 5) - 2))
    }
    case 'another number':
      return replace(pick(numbers, at), pick(numbers, other)?.value)
    case 'swap texts': {
      const [first, second] = [pick(texts, at), pick(texts, other)]
      replace(first, second?.value)
      return replace(second, first?.value)
    }
    case 'truncate': {
      const list = pick(lists, at)?.value
      if (Array.isArray(list)) list.length = list.length === 0 ? 0 : other % list.length
      return
    }
    case 'swap entries': {
      const list = pick(lists, at)?.value
      if (!Array.isArray(list) || list.length < 2) return
      const [i, j] = [other % list.length, (other + 1) % list.length]
      ;[list[i], list[j]] = [list[j], list[i]]
      return
    }
    case 'flip': {
      const where = pick(
        everywhere.filter(({ value }) => typeof value === 'boolean'),
        at,
      )
      return replace(where, where?.value !== true)
    }
    case 'garbage':
      return replace(place, garbage)
    case 'new field':
      if (place !== undefined)
        put(place.container, ['__proto__', 'constructor', 'length', 'body'][other % 4]!, place.value)
      return
    case 'huge list':
      return replace(pick(lists, at), new Array(1e9))
    case 'deep nest': {
      let nest: unknown = place?.value
      for (let level = 0; level < 20_000; level++) nest = [nest]
      return replace(place, nest)
    }
    case 'prototype': {
      const entry = pick(
        everywhere.filter(({ value }) => typeof value === 'object' && value !== null && !Array.isArray(value)),
        at,
      )
      const { value } = entry ?? {}
      return replace(entry, typeof value === 'object' ? Object.create(value) : value)
    }
  }
}

/** The method of lists fails where a list has a field `constructor`, which is a mutation here. */
const splice = (list: unknown[], at: number, remove: number, ...insert: readonly unknown[]): void => {
  if (list.length > 1e6) return
  const entries = Array.from(list)
  entries.splice(at, remove, ...insert)
  list.length = 0
  for (const entry of entries) list.push(entry)
}

/** Sets a field that any object can have, `__proto__` as well, as its own; a length of a list is set as one. */
const put = (container: Container, key: string, value: unknown): void => {
  if (Array.isArray(container) && key === 'length') container.push(value)
  else Object.defineProperty(container, key, { value, enumerable: true, configurable: true, writable: true })
}

/** The places of all values in plain data, the values of circular data once. */
const placesIn = (root: Container): readonly Place[] => {
  const places: Place[] = []
  const done = new Set<unknown>()
  const stack: unknown[] = [root]
  while (stack.length > 0 && places.length < 5000) {
    const container = stack.pop()
    if (!isContainer(container) || done.has(container)) continue
    done.add(container)
    for (const key of Object.keys(container)) {
      const value: unknown = Reflect.get(container, key)
      places.push({ container, key, value })
      stack.push(value)
    }
  }
  return places
}

const isContainer = (value: unknown): value is Container =>
  typeof value === 'object' &&
  value !== null &&
  (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype)
