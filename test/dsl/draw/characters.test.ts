/** What becomes of single characters: how wide they are taken to be, and what each format writes for them. */
import { describe, expect, test } from 'vitest'

import { drawTikz } from '../../../dsl/draw/index.js'
import { columnsOf, columnsOfCharacter, emsOf, shownText } from '../../../dsl/draw/text-width.js'
import { box } from '../../../dsl/index.js'

/** The name of a box in TeX. */
const tex = (name: string): string =>
  /\{(.*)\};/.exec(
    drawTikz(box(name, [], []), { labels: false })
      .split('\n')
      .at(-3)!,
  )![1]!

describe('TeX', () => {
  test('its own characters, and pairs that would become one', () => {
    expect([...'\\{}$&#_%^~<>|"-\'`, \u00a0'].map(tex)).toEqual([
      '\\textbackslash{}',
      '\\{',
      '\\}',
      '\\$',
      '\\&',
      '\\#',
      '\\_',
      '\\%',
      '\\textasciicircum{}',
      '\\textasciitilde{}',
      '\\textless{}',
      '\\textgreater{}',
      '\\textbar{}',
      '\\char34{}',
      '-{}',
      "'{}",
      '`{}',
      ',{}',
      '\\ ',
      '~',
    ])
    expect(tex('plain.text/é')).toBe('plain.text/é')
  })

  test('Greek letters', () => {
    const mathematics = (names: string): readonly string[] =>
      names.split(' ').map((name) => `\\ensuremath{${name === 'o' ? name : `\\${name}`}}`)
    expect([...'αβγδεζηθικλμνξοπρςστυφχψω'].map(tex)).toEqual(
      mathematics(
        'alpha beta gamma delta varepsilon zeta eta theta iota kappa lambda mu nu xi o pi rho varsigma sigma tau upsilon varphi chi psi omega',
      ),
    )
    expect([...'ΓΔΘΛΞΠΣΥΦΨΩ'].map(tex)).toEqual(
      mathematics('Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega'),
    )
    expect([...'ϵϕϑℓ'].map(tex)).toEqual(mathematics('epsilon phi vartheta ell'))
    // What looks like a Latin letter is one in TeX.
    expect(tex('ΑΒ')).toBe('ΑΒ')
  })

  test('signs, and digits above and below the line', () => {
    expect([...'⊗⊕×∘·→←↦∈≤≥≠∞∂∇†′'].map((sign) => tex(sign).replace(/\\ensuremath\{\\(.*)\}/, '$1')).join(' ')).toBe(
      'otimes oplus times circ cdot to leftarrow mapsto in leq geq neq infty partial nabla dagger prime',
    )
    const digits = Array.from({ length: 10 }, (_, digit) => digit)
    expect([...'₀₁₂₃₄₅₆₇₈₉'].map(tex)).toEqual(digits.map((digit) => `\\ensuremath{_{${digit}}}`))
    expect([...'⁰¹²³⁴⁵⁶⁷⁸⁹'].map(tex)).toEqual(digits.map((digit) => `\\ensuremath{^{${digit}}}`))
  })
})

describe('widths', () => {
  test('in ems, of the letters from space to tilde, and beyond', () => {
    expect([...' Wi~'].map(emsOf)).toEqual([0.32, 0.99, 0.28, 0.84])
    // Latin, Greek, arrows, wide letters, pictographs, and a mark that takes no room of its own.
    expect([...'\u00e9\u024f\u0250\u03ba\u218f\u2190→条😀\u0301'].map(emsOf)).toEqual([
      0.8, 0.8, 0.9, 0.9, 0.9, 1, 1, 1.1, 1.1, 0,
    ])
  })

  test('in columns of a terminal', () => {
    expect([...'a~é\u0301\u200d\ufe0f条ᄀ가！￠😀⊗'].map(columnsOfCharacter)).toEqual([
      1, 1, 1, 0, 0, 0, 2, 2, 2, 2, 2, 2, 1,
    ])
    expect([columnsOf(''), columnsOf('k_emb'), columnsOf('条件 e\u0301')]).toEqual([0, 5, 6])
  })
})

test('signs take the place of what cannot be seen, to the last character of every range', () => {
  const shown = (codes: readonly number[]): readonly boolean[] =>
    codes.map((code) => shownText(String.fromCodePoint(code)) === String.fromCodePoint(code))
  expect(shownText('\u0000\u001f\u007f')).toBe('\u2400\u241f\u2421')
  expect(
    shown([0x20, 0x7e, 0xa0, 0x2027, 0x202f, 0x2065, 0x206a, 0xd7ff, 0xe000, 0xfefe, 0xff00, 0xfffd, 0x1fffd]),
  ).toEqual(new Array<boolean>(13).fill(true))
  const hidden = [0x80, 0x9f, 0x2028, 0x202e, 0x2066, 0x2069, 0xd800, 0xdfff, 0xfeff, 0xfffe, 0xffff, 0x1fffe, 0x10ffff]
  expect(hidden.map((code) => shownText(String.fromCodePoint(code)))).toEqual(new Array<string>(13).fill('\ufffd'))
})
