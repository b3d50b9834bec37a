/** `markovcat export` as a user runs it; the models are run by onnxruntime, as another program would. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

import { isLeft } from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'

import { box, copy, finite, id, par, printDiagram, real, seq, showProblem } from '../../../dsl/index.js'
import { garden } from '../../../examples/bayesian-network.js'
import { onnxRuntime } from '../../../src/compile/onnx/runtime.js'
import { bifOf, networksAreThere } from '../../support/bayesian-networks.js'
import { readModel } from '../../support/onnx-reader.js'
import { valueOf } from '../../support/value-of.js'

const folder = mkdtempSync(join(tmpdir(), 'markovcat-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const main = join(inject('built'), 'src', 'cli', 'main.js')
const markovcat = (...options: readonly string[]) =>
  spawnSync(process.execPath, [main, 'export', ...options], { encoding: 'utf8', cwd: folder, timeout: 60_000 })

const runtime = await onnxRuntime()
if (isLeft(runtime)) console.warn(`models are read, not run: ${showProblem(runtime.left)}`)

const [Weather, Hidden, Grass] = [finite('Weather', ['sun', 'rain']), real('Hidden', 2), finite('Grass', 2)]
const embed = box('embed', [Weather], [Hidden], { deterministic: true })
const head = box('head', [Hidden], [Grass])
const meanings = {
  embed: {
    kind: 'embedding',
    table: [
      [0, 1],
      [1, 0],
    ],
  },
  head: {
    kind: 'softmax-head',
    weights: [
      [0, Math.log(3)],
      [0, 0],
    ],
    bias: [0, 0],
  },
}

beforeAll(() => {
  writeFileSync(join(folder, 'garden.bif'), garden)
  writeFileSync(join(folder, 'garden.bif.gz'), gzipSync(garden))
  writeFileSync(join(folder, 'model.json'), printDiagram(seq(embed, copy(Hidden), par(id(Hidden), head))))
  writeFileSync(join(folder, 'meanings.json'), JSON.stringify(meanings))
  writeFileSync(join(folder, 'short.json'), JSON.stringify({ ...meanings, embed: [[1, 0]] }))
  writeFileSync(join(folder, 'ragged.json'), JSON.stringify({ embed: { kind: 'embedding', table: [[1, 2], [3]] } }))
  writeFileSync(join(folder, 'text.json'), 'not json')
  writeFileSync(join(folder, 'binary.json'), Uint8Array.of(0xff, 0xfe, 0))
})

const modelIn = (file: string): Uint8Array => readFileSync(join(folder, file))

describe('markovcat export --onnx', () => {
  test('--bif --marginal: the joint distribution of the variables, the last running fastest', async () => {
    const { status, stdout, stderr } = markovcat('--onnx', 'g.onnx', '--bif', 'garden.bif', '--marginal', 'Rain,Grass')
    expect(stderr).toBe('')
    expect(status).toBe(0)
    const model = modelIn('g.onnx')
    expect(stdout.split('\n')).toEqual([
      `wrote g.onnx: ${model.length} bytes, ONNX operator set 17`,
      'inputs',
      '  none',
      'outputs',
      '  Rain_Grass  float32 [2, 2]  joint distribution of Rain (2 elements), Grass (2 elements)',
      '',
    ])
    const read = readModel(model)
    expect([read.irVersion, read.opset, read.model.graph.name]).toEqual([8, 17, 'garden'])
    expect(JSON.parse(read.model.metadata['markovcat']!)).toMatchObject({
      outputs: [
        { wire: { kind: 'finite', name: 'Rain', elements: ['yes', 'no'] }, tensor: 'Rain_Grass', axis: 0 },
        { wire: { kind: 'finite', name: 'Grass', elements: ['wet', 'dry'] }, tensor: 'Rain_Grass', axis: 1 },
      ],
    })
    if (isLeft(runtime)) return
    const session = await runtime.right.session(model)
    const { data } = (await session.run({}))['Rain_Grass']!
    await session.release()
    // P(rain, wet) = 0.2 (0.01 0.99 + 0.99 0.8), P(no rain, wet) = 0.8 0.4 0.9.
    if (!(data instanceof Float32Array)) throw new Error('the distribution is float32')
    const wanted = [0.2 * (0.01 * 0.99 + 0.99 * 0.8), 0.2 * (0.01 * 0.01 + 0.99 * 0.2), 0.288, 0.8 - 0.288]
    data.forEach((probability, place) => expect(probability).toBeCloseTo(wanted[place]!, 6))
  })

  test('a gzipped network gives the same model', () => {
    expect(markovcat('--onnx', 'a.onnx', '--bif', 'garden.bif', '--marginal', 'Grass').status).toBe(0)
    expect(markovcat('--onnx', 'b.onnx', '--bif', 'garden.bif.gz', '--marginal', ' Grass ').status).toBe(0)
    expect(modelIn('b.onnx')).toEqual(modelIn('a.onnx'))
  })

  test.skipIf(!networksAreThere)('lung and xray of the published network asia', async () => {
    writeFileSync(join(folder, 'asia.bif'), bifOf('asia'))
    const { status, stdout } = markovcat('--onnx', 'asia.onnx', '--bif', 'asia.bif', '--marginal', 'lung,xray')
    expect(status).toBe(0)
    expect(stdout).toContain('  lung_xray  float32 [2, 2]  ')
    if (isLeft(runtime)) return
    const session = await runtime.right.session(modelIn('asia.onnx'))
    const { data } = (await session.run({}))['lung_xray']!
    await session.release()
    // P(lung) = 0.5 0.1 + 0.5 0.01 = 0.055, and xray is yes with 0.98 where lung is.
    if (!(data instanceof Float32Array)) throw new Error('the distribution is float32')
    expect(data[0]).toBeCloseTo(0.055 * 0.98, 6)
    expect(data[1]).toBeCloseTo(0.055 * 0.02, 6)
    expect(data[0]! + data[1]! + data[2]! + data[3]!).toBeCloseTo(1, 6)
  })

  test('--diagram --meanings --entropies: inputs and outputs named after the wires', async () => {
    const { status, stdout, stderr } = markovcat(
      ...['--onnx', 'm.onnx', '--diagram', 'model.json', '--meanings', 'meanings.json', '--entropies', 'shannon'],
    )
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(stdout.split('\n').slice(1)).toEqual([
      'inputs',
      '  Weather  int64 [batch]  Weather (2 elements)',
      'outputs',
      '  Grass            float32 [batch, 2]  joint distribution of Grass (2 elements)',
      '  Hidden           float32 [batch, 2]  Hidden (R^2)',
      '  entropy_shannon  float32 [batch]     shannon categorical entropy, in nats',
      '',
    ])
    if (isLeft(runtime)) return
    const { session, tensor } = runtime.right
    const opened = await session(modelIn('m.onnx'))
    const outputs = await opened.run({ Weather: tensor(BigInt64Array.of(0n, 1n, 0n), [3]) })
    await opened.release()
    expect(outputs['Hidden']!.data).toEqual(Float32Array.of(0, 1, 1, 0, 0, 1))
    const { data } = outputs['Grass']!
    if (!(data instanceof Float32Array)) throw new Error('the distribution is float32')
    data.forEach((probability, k) => expect(probability).toBeCloseTo([0.75, 0.25, 0.5, 0.5, 0.75, 0.25][k]!, 6))
  })

  test('--parameters inputs: the model has none of the numbers', () => {
    const { stdout, status } = markovcat(
      ...['--onnx', 'p.onnx', '--bif', 'garden.bif', '--marginal', 'Grass', '--parameters', 'inputs'],
    )
    expect(status).toBe(0)
    const { inputs, initialisers } = readModel(modelIn('p.onnx')).model.graph
    expect(inputs.map(({ name }) => name).sort()).toEqual(['Grass_kernel', 'Rain_kernel', 'Sprinkler_kernel'])
    expect(initialisers.every(({ type }) => type === 'int64')).toBe(true)
    expect(stdout).toContain('  Grass_kernel')
  })
})

describe('bad input: status 2, a message, and nothing written', () => {
  test.each([
    ['no file for the model', [], /--onnx <file>' not specified/],
    ['nothing to export', ['--onnx', 'x.onnx'], /nothing to export is named; give --bif, or --diagram/],
    ['both', ['--onnx', 'x.onnx', '--bif', 'garden.bif', '--diagram', 'model.json'], /cannot be used with/],
    ['no network', ['--onnx', 'x.onnx', '--bif', 'none.bif', '--marginal', 'a'], /--bif none\.bif: it cannot be read/],
    ['no BIF', ['--onnx', 'x.onnx', '--bif', 'model.json', '--marginal', 'a'], /--bif model\.json, line 1, column 1/],
    ['no variable', ['--onnx', 'x.onnx', '--bif', 'garden.bif'], /--marginal: it names no variable; name some of Rain/],
    ['a strange one', ['--onnx', 'x.onnx', '--bif', 'garden.bif', '--marginal', 'Snow'], /'Snow'.*no such variable/],
    ['one twice', ['--onnx', 'x.onnx', '--bif', 'garden.bif', '--marginal', 'Rain,Rain'], /it names 'Rain' twice/],
    ['a marginal of nothing', ['--onnx', 'x.onnx', '--diagram', 'model.json', '--marginal', 'a'], /there is no --bif/],
    ['no diagram', ['--onnx', 'x.onnx', '--diagram', 'text.json'], /--diagram text\.json, document: it is no JSON/],
    ['bytes', ['--onnx', 'x.onnx', '--diagram', 'binary.json'], /--diagram binary\.json: it cannot be read/],
    ['no meanings', ['--onnx', 'x.onnx', '--diagram', 'model.json'], /box 'embed'.*it has no meaning/],
    [
      'meanings that are none',
      ['--onnx', 'x.onnx', '--diagram', 'model.json', '--meanings', 'ragged.json'],
      /--meanings ragged\.json, meaning of box 'embed', table\[1\]: found a list of 1; give 2 numbers/,
    ],
    [
      'meanings that do not fit',
      ['--onnx', 'x.onnx', '--diagram', 'model.json', '--meanings', 'short.json'],
      /box 'embed'/,
    ],
    [
      'an unknown entropy',
      ['--onnx', 'x.onnx', '--bif', 'garden.bif', '--marginal', 'Rain', '--entropies', 'boltzmann'],
      /--entropies: there is no 'boltzmann'; name some of shannon/,
    ],
    [
      'a folder that is not there',
      ['--onnx', 'no/where.onnx', '--bif', 'garden.bif', '--marginal', 'Rain'],
      /--onnx no\/where\.onnx: it cannot be written/,
    ],
  ])('%s', (_, options, message) => {
    const { status, stderr, stdout } = markovcat(...options)
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/\n\s+at /)
    expect(status).toBe(2)
    expect(stdout).not.toContain('wrote')
    expect(existsSync(join(folder, 'x.onnx'))).toBe(false)
    expect(readdirSync(folder).filter((name) => name.startsWith('x.onnx'))).toEqual([])
  })
})

describe('a program that ran on onnxruntime', () => {
  test.skipIf(isLeft(runtime)).each([
    ['as it is', ''],
    ['with four threads, if it is onnxruntime-web', `(await import('onnxruntime-web')).env.wasm.numThreads = 4`],
  ])('ends by itself, %s, and prints nothing', (_, before) => {
    const script = `
      import { box, compile, finite, seq } from '${join(inject('built'), 'src', 'index.js')}'
      ${before}
      const A = finite('A', 300)
      const f = box('f', [A], [A])
      const rows = Array.from({ length: 300 }, (_, x) => Array.from({ length: 300 }, (_, y) => (x === y ? 1 : 0)))
      const evaluator = (await compile(seq(f, f), { f: rows }, { backend: 'onnx' })).right
      const evaluation = await evaluator.run([Array.from({ length: 300 }, (_, k) => k)])
      console.log(evaluation.right.execution.backend, evaluation.right.distribution.entries[301])`
    const file = join(folder, 'script.mjs')
    symlinkSync(join(inject('built'), 'node_modules'), join(folder, 'node_modules'), 'junction')
    writeFileSync(file, script)
    const started = spawnSync(process.execPath, [file], { encoding: 'utf8', timeout: 60_000 })
    rmSync(join(folder, 'node_modules'))
    expect(started).toMatchObject({ status: 0, signal: null, stdout: 'onnx 1\n', stderr: '' })
  })

  test.skipIf(isLeft(runtime))('a problem is told from an error: the backend is named', () => {
    expect(valueOf(runtime).name).toMatch(/^onnxruntime-(node|web) \d/)
  })
})
