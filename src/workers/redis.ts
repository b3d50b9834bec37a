/** The connection to Redis: made within seconds or not at all, and given up some seconds after the server has gone. */
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { Redis } from 'ioredis'

import { problem, type Problem } from '../../dsl/problem.js'

export interface RedisLink {
  readonly redis: Redis
  /** Settles when the server has not been there for some seconds. */
  readonly lost: Promise<Problem>
  readonly close: () => void
}

/** Milliseconds. */
const timeToConnect = 4000
const betweenTries = 250
const tries = 20
const betweenPings = 1500
const mostMissed = 6

/**
 * Connects to the server at a URL `redis://[user:password@]host:port[/database]`, or `rediss://` over TLS.
 *
 * Problems: `invalid-value` for another URL, `unsupported` where no server answers or it asks for a password.
 */
export const connectRedis = async (url: string): Promise<Either<Problem, RedisLink>> => {
  const place = placeOf(url)
  if (place === undefined)
    return left(problem('invalid-value', 'the address of Redis', 'it is no URL of a server', 'give redis://host:port'))
  const { Redis: Client } = await import('ioredis')
  let connected = false
  let reason = 'it does not answer'
  const redis = new Client(url, {
    lazyConnect: true,
    connectTimeout: timeToConnect,
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (connected && times <= tries ? betweenTries : null),
  })
  redis.on('error', (error: Error) => (reason = error.message === '' ? reason : error.message))
  const unreachable = (what: string): Problem =>
    problem('unsupported', place, what, 'start redis-server, or give the address of one that runs')
  let pulse: NodeJS.Timeout | undefined
  const lost = new Promise<Problem>((resolve) =>
    redis.once('end', () => {
      clearInterval(pulse)
      resolve(unreachable(`the server is not there any more: ${reason}`))
    }),
  )
  // What accepts connections and says nothing is not seen by the client's own limit, which ends with the handshake.
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it does not answer')), timeToConnect)
  })
  try {
    await Promise.race([redis.connect().then(() => redis.ping()), late])
    connected = true
    pulse = pulseOf(redis, () => {
      reason = 'it does not answer'
      redis.disconnect()
    })
    return right({ redis, lost, close: () => redis.disconnect() })
  } catch (error) {
    redis.disconnect()
    const { message } = error instanceof Error ? error : { message: String(error) }
    return left(unreachable(`no connection: ${message === 'Connection is closed.' ? reason : message}`))
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Asks the server now and then whether it is there. A connection to one that has frozen, or behind a network that is gone, stays open.
 *
 * What counts is how often there was no answer, not how long: after a long computation the answer is there, and has not been read yet.
 */
const pulseOf = (redis: Redis, onSilence: () => void): NodeJS.Timeout => {
  let missed = 0
  return setInterval(() => {
    if (++missed > mostMissed) onSilence()
    else if (missed === 1)
      redis.ping().then(
        () => (missed = 0),
        () => undefined,
      )
  }, betweenPings)
}

/** Host and port, without the password; undefined where it is no address of Redis. */
const placeOf = (url: string): string | undefined => {
  if (!URL.canParse(url)) return undefined
  const { protocol, host } = new URL(url)
  return ['redis:', 'rediss:'].includes(protocol) && host !== '' ? `Redis at ${host}` : undefined
}
