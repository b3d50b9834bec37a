/** A server of Redis for the tests, on a port of its own, that keeps nothing. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'

import { Redis } from 'ioredis'

export const redisIsThere = spawnSync('redis-server', ['--version']).status === 0

export interface RedisServer {
  readonly url: string
  readonly client: Redis
  readonly process: ChildProcess
  readonly stop: () => Promise<void>
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('a server on a port has a port')
  return address.port
}

export const startRedis = async (): Promise<RedisServer> => {
  const port = await freePort()
  const server = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
    {
      stdio: 'ignore',
    },
  )
  const client = new Redis(port, '127.0.0.1', { retryStrategy: (times) => (times < 100 ? 50 : null) })
  client.on('error', () => undefined)
  await client.ping()
  return {
    url: `redis://127.0.0.1:${port}`,
    client,
    process: server,
    stop: async () => {
      client.disconnect()
      if (server.exitCode !== null || server.signalCode !== null) return
      server.kill('SIGKILL')
      await once(server, 'exit')
    },
  }
}
