/** The sections of a report, in the order in which they are read. */
import type { Analysis } from '../language-model/analysis.js'
import { alignmentSection } from './alignment-section.js'
import { calibrationSection } from './calibration-section.js'
import { dataSection, ledgerSection } from './data-section.js'
import { geometrySection } from './geometry-section.js'
import type { NamedFigure, Section } from './section.js'
import { surplusSection } from './surplus-section.js'
import { trainingSection } from './training-section.js'

export const sectionsOf = (analysis: Analysis): readonly Section[] =>
  [
    calibrationSection,
    trainingSection,
    ledgerSection,
    surplusSection,
    geometrySection,
    alignmentSection,
    dataSection,
  ].map((section) => section(analysis))

/** All figures of a section, those for experts too. */
export const figuresOf = ({ figures, expert }: Section): readonly NamedFigure[] => [...figures, ...expert.figures]

/** The identities and bounds that do not hold. */
export const failingIn = (sections: readonly Section[]): readonly string[] =>
  sections.flatMap((section) => [
    ...figuresOf(section).flatMap(({ name, figure }) => (figure.kind !== 'measurement' && !figure.holds ? [name] : [])),
    ...section.lights.flatMap(({ statement, holds }) => (holds ? [] : [statement])),
  ])
