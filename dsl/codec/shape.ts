/**
 * io-ts codecs for documents from outside.
 *
 * They differ in three ways from the ones that io-ts brings: a record has no fields but those that are listed, all of them its own
 * (nothing is read from a prototype); a list has no holes; and a check stops at the first fault, so that a hostile document costs no
 * more than an honest one.
 */
import { isLeft } from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'

import { legible, showFound } from '../legible.js'
import { problem, type Problem } from '../problem.js'

/** A codec from a guard, and from where the fault is in what the guard refuses. Its name completes the sentence `give ...`. */
const codec = <A>(
  name: string,
  is: t.Is<A>,
  faultIn: (value: unknown, context: t.Context) => t.Errors = (value, context) => [{ value, context }],
): t.Type<A> =>
  new t.Type(
    name,
    is,
    (value, context) => (is(value) ? t.success(value) : t.failures(faultIn(value, context))),
    t.identity,
  )

export const text = codec('a text', t.string.is)
export const number = codec('a number', t.number.is)
export const truth = codec('true or false', t.boolean.is)
export const anyList = codec('a list', t.UnknownArray.is)
/** A kind of record, which tells it from the others of a choice. */
export const kind = <const Kind extends string>(value: Kind): t.Type<Kind> => codec(`'${value}'`, t.literal(value).is)

/** What accepts nothing, for its name. */
const refusal = (name: string): t.Type<unknown> => codec(name, (_value): _value is unknown => false)

/** Either of two codecs of which the first decides by a glance whether it applies. */
export const either = <A, B>(applies: t.Is<unknown>, first: t.Type<A>, second: t.Type<B>): t.Type<A | B> =>
  codec(
    `${first.name} or ${second.name}`,
    (value): value is A | B => (applies(value) ? first.is(value) : second.is(value)),
    (value, context) => (applies(value) ? faults(first, value, context) : [{ value, context }]),
  )

/** A list of items. */
export const listOf = <A>(name: string, item: t.Type<A>): t.Type<readonly A[]> => {
  // A hole in a list reads as undefined here, and most methods of lists pass over it.
  const firstFault = (list: readonly unknown[]): number => {
    for (let at = 0; at < list.length; at++) if (!item.is(list[at])) return at
    return -1
  }
  return codec(
    name,
    (value): value is readonly A[] => t.UnknownArray.is(value) && firstFault(value) === -1,
    (value, context) => {
      if (!t.UnknownArray.is(value)) return [{ value, context }]
      const at = firstFault(value)
      return faults(item, value[at], t.appendContext(context, String(at), item))
    },
  )
}

/** A record that has exactly these fields; the optional ones may be missing. */
export const record = <P extends t.Props, Q extends t.Props = Record<never, never>>(
  fields: P,
  optional?: Q,
): t.Type<t.TypeOfProps<P> & t.TypeOfPartialProps<Q>> => {
  const types = new Map<string, t.Mixed>(Object.entries<t.Mixed>({ ...fields, ...optional }))
  const required = Object.keys(fields)
  /** The name of the first field that is missing, does not belong there, or is at fault. */
  const firstFault = (value: Readonly<Record<string, unknown>>): string | undefined =>
    required.find((key) => !Object.hasOwn(value, key)) ??
    Object.keys(value).find((key) => types.get(key)?.is(value[key]) !== true)
  const absent = refusal(`no such field; the fields are ${[...types.keys()].join(', ')}`)
  return codec(
    `a record of ${[...types.keys()].join(', ')}`,
    (value): value is t.TypeOfProps<P> & t.TypeOfPartialProps<Q> =>
      t.UnknownRecord.is(value) && firstFault(value) === undefined,
    (value, context) => {
      const key = t.UnknownRecord.is(value) ? firstFault(value) : undefined
      if (!t.UnknownRecord.is(value) || key === undefined) return [{ value, context }]
      const type = types.get(key) ?? absent
      const field = Object.hasOwn(value, key) ? value[key] : undefined
      return faults(type, field, t.appendContext(context, key, type))
    },
  )
}

/** One of several records, told apart by their field `kind`. */
export const oneOf = <S extends Readonly<Record<string, t.Mixed>>>(shapes: S): t.Type<t.TypeOf<S[keyof S]>> => {
  const kinds = refusal(`one of ${Object.keys(shapes).join(', ')}`)
  const shapeOf = (value: Readonly<Record<string, unknown>>): t.Mixed | undefined => {
    const name = Object.hasOwn(value, 'kind') ? value['kind'] : undefined
    return typeof name === 'string' && Object.hasOwn(shapes, name) ? shapes[name] : undefined
  }
  return codec(
    'a record',
    (value): value is t.TypeOf<S[keyof S]> => t.UnknownRecord.is(value) && shapeOf(value)?.is(value) === true,
    (value, context) => {
      if (!t.UnknownRecord.is(value)) return [{ value, context }]
      const shape = shapeOf(value)
      return shape === undefined
        ? [
            {
              value: Object.hasOwn(value, 'kind') ? value['kind'] : undefined,
              context: t.appendContext(context, 'kind', kinds),
            },
          ]
        : faults(shape, value, context)
    },
  )
}

/** What does not fit a codec, and where. */
export const faultOf = (shape: t.Mixed, value: unknown, where: string): Problem => {
  const [fault] = faults(shape, value, [{ key: '', type: shape }])
  if (fault === undefined) throw new Error(`faultOf: ${where} is as it should be`)
  const keys = fault.context.slice(1).map(({ key }) => (/^\d+$/.test(key) ? `[${key}]` : `.${legible(key)}`))
  const place = keys.join('').replace(/^\./, '')
  const expected = fault.context[fault.context.length - 1]?.type.name ?? shape.name
  return problem(
    'malformed',
    place === '' ? where : `${where}, ${place}`,
    `found ${showFound(fault.value)}`,
    `give ${expected}`,
  )
}

const faults = (shape: t.Mixed, value: unknown, context: t.Context): t.Errors => {
  const result = shape.validate(value, context)
  return isLeft(result) ? result.left : []
}
