/**
 * `markovcat export`: a diagram with meanings, or a marginal of a Bayesian network, as a model that other programs run.
 */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { gunzipSync } from 'node:zlib'

import { Command, Option } from 'commander'
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { parseDiagram } from '../../dsl/codec/index.js'
import type { Diagram } from '../../dsl/diagram.js'
import { legible, showSome } from '../../dsl/legible.js'
import { problem, type Problem } from '../../dsl/problem.js'
import { parseBif } from '../bayesian-network/bif.js'
import { marginalDiagram, networkMeanings } from '../bayesian-network/diagram.js'
import type { NumericMeanings } from '../compile/meaning.js'
import { parseMeanings } from '../compile/meanings-document.js'
import { type ExportOptions, onnxModel } from '../compile/onnx/export.js'
import { modelBytes, opset, type Port } from '../compile/onnx/model.js'
import { headlineEntropies } from '../information/categorical-entropy.js'
import type { Outcome } from './outcome.js'
import { reasonOf } from './output.js'

interface ExportCommandOptions {
  readonly onnx: string
  readonly bif?: string
  readonly marginal?: string
  readonly diagram?: string
  readonly meanings?: string
  readonly entropies?: string
  readonly parameters: 'constants' | 'inputs'
}

export const exportCommand = (finish: (outcome: Outcome) => void): Command =>
  new Command('export')
    .description('write a diagram with meanings, or a marginal of a Bayesian network, as a model for other programs')
    .requiredOption('--onnx <file>', `where the ONNX model goes (operator set ${opset})`)
    .addOption(
      new Option('--bif <file>', 'a Bayesian network in the interchange format, also gzipped').conflicts([
        'diagram',
        'meanings',
      ]),
    )
    .option('--marginal <names>', 'with --bif: the variables whose joint distribution the model gives, as in lung,xray')
    .option('--diagram <file>', 'a diagram as JSON, as printDiagram writes it')
    .option('--meanings <file>', 'with --diagram: the meanings of its boxes as JSON, as parseMeanings reads it')
    .option('--entropies <names>', `categorical entropies of the random outputs, among ${headlineEntropies.join(', ')}`)
    .addOption(
      new Option('--parameters <where>', 'whether the numbers of the meanings are in the model or given at each run')
        .choices(['constants', 'inputs'])
        .default('constants'),
    )
    .action(async (options: ExportCommandOptions) => finish(await runExport(options)))

const runExport = async (options: ExportCommandOptions): Promise<Outcome> => {
  const subject = subjectOf(options)
  if (isLeft(subject)) return subject
  const entropies = entropiesOf(options.entropies)
  if (isLeft(entropies)) return entropies
  const { name, diagram, meanings } = subject.right
  const { parameters } = options
  const model = onnxModel(diagram, meanings, { name, entropies: entropies.right, parameters })
  if (isLeft(model)) return model
  const bytes = modelBytes(model.right)
  const written = await writeWhole(options.onnx, bytes)
  if (isLeft(written)) return written
  const { inputs, outputs } = model.right.graph
  console.log(`wrote ${options.onnx}: ${bytes.length} bytes, ONNX operator set ${opset}`)
  console.log(portTable('inputs', inputs))
  console.log(portTable('outputs', outputs))
  return right(0)
}

interface Subject {
  readonly name: string
  readonly diagram: Diagram
  readonly meanings: NumericMeanings
}

/** What is exported. */
const subjectOf = ({ bif, marginal, diagram, meanings }: ExportCommandOptions): Either<Problem, Subject> => {
  const missing = (where: string, what: string, remedy: string): Either<Problem, never> =>
    left(problem('invalid-value', where, what, remedy))
  if (bif !== undefined) return marginalOf(bif, marginal)
  if (diagram === undefined) return missing('export', 'nothing to export is named', 'give --bif, or --diagram')
  if (marginal !== undefined) return missing('--marginal', 'there is no --bif', 'project the diagram itself')

  const text = readDocument('--diagram', diagram)
  if (isLeft(text)) return text
  const read = parseDiagram(text.right)
  if (isLeft(read)) return inFile('--diagram', diagram, read)
  const name = basename(diagram).replace(/\..*$/, '')
  if (meanings === undefined) return right({ name, diagram: read.right, meanings: {} })
  const document = readDocument('--meanings', meanings)
  if (isLeft(document)) return document
  const meant = parseMeanings(document.right)
  return isLeft(meant)
    ? inFile('--meanings', meanings, meant)
    : right({ name, diagram: read.right, meanings: meant.right })
}

const marginalOf = (file: string, marginal: string | undefined): Either<Problem, Subject> => {
  const text = readDocument('--bif', file)
  if (isLeft(text)) return text
  const network = parseBif(text.right)
  if (isLeft(network)) return inFile('--bif', file, network)
  const { name, variables } = network.right
  const names = namesOf(marginal ?? '')
  const twice = names.find((variable, place) => names.indexOf(variable) !== place)
  if (names.length === 0 || twice !== undefined)
    return left(
      problem(
        'invalid-value',
        '--marginal',
        twice === undefined ? 'it names no variable' : `it names '${legible(twice)}' twice`,
        `name some of ${showSome(variables, (variable) => legible(variable.name))}, with commas between`,
      ),
    )
  const diagram = marginalDiagram(network.right, names)
  return isLeft(diagram) ? diagram : right({ name, diagram: diagram.right, meanings: networkMeanings(network.right) })
}

const namesOf = (list: string): readonly string[] =>
  list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')

const entropiesOf = (list: string | undefined): Either<Problem, NonNullable<ExportOptions['entropies']>> => {
  const names = namesOf(list ?? '')
  const unknown = names.find((name) => !headlineEntropies.some((known) => known === name))
  return unknown === undefined
    ? right(headlineEntropies.filter((known) => names.includes(known)))
    : left(
        problem(
          'unknown-name',
          '--entropies',
          `there is no '${legible(unknown)}'`,
          `name some of ${headlineEntropies.join(', ')}`,
        ),
      )
}

/** The text of a file, which may be gzipped. */
const readDocument = (option: string, file: string): Either<Problem, string> => {
  try {
    const bytes = readFileSync(file)
    const isZipped = bytes[0] === 0x1f && bytes[1] === 0x8b
    return right(new TextDecoder('utf-8', { fatal: true }).decode(isZipped ? gunzipSync(bytes) : bytes))
  } catch (error) {
    const what = `it cannot be read: ${reasonOf(error)}`
    return left(problem('file', `${option} ${basename(file)}`, what, 'give a text file in UTF-8'))
  }
}

/** A problem within a document, with the name of its file. */
const inFile = (option: string, file: string, { left: found }: { readonly left: Problem }): Either<Problem, never> =>
  left(problem(found.kind, `${option} ${basename(file)}, ${found.where}`, found.what, found.remedy))

/** Writes a file beside its place first, so that it is there whole or not at all. */
const writeWhole = async (file: string, bytes: Uint8Array): Promise<Either<Problem, void>> => {
  const draft = `${file}.${randomUUID()}`
  try {
    await writeFile(draft, bytes)
    await rename(draft, file)
    return right(undefined)
  } catch (error) {
    await rm(draft, { force: true })
    const what = `it cannot be written: ${reasonOf(error)}`
    return left(problem('file', `--onnx ${file}`, what, 'give a file in a folder that can be written'))
  }
}

const portTable = (title: string, ports: readonly Port[]): string => {
  const rows = ports.map(({ name, type, dimensions, description }) => [
    name,
    `${type} [${dimensions.join(', ')}]`,
    description,
  ])
  const widths = [0, 1].map((column) => Math.max(0, ...rows.map((row) => row[column]!.length)))
  const lines = rows.map(([name = '', shape = '', description = '']) =>
    `  ${name.padEnd(widths[0]!)}  ${shape.padEnd(widths[1]!)}  ${description}`.trimEnd(),
  )
  return [title, ...(lines.length === 0 ? ['  none'] : lines)].join('\n')
}
