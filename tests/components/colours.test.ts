import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const theme = readFileSync('app/globals.css', 'utf8')
const tokens = readFileSync('node_modules/design-tokens-italia/dist/css/variables.css', 'utf8')

/** The hexadecimal value of a colour of the theme, followed through the design token that it names. */
function colour(name: string): string {
  const token = new RegExp(`--color-${name}: var\\((--it-color-[\\w-]+)\\)`).exec(theme)?.[1]
  const value = new RegExp(`${token}: (#[0-9a-f]{6})`).exec(tokens)?.[1]
  if (!value) throw new Error(`no colour ${name}`)
  return value
}

function luminance(hex: string): number {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(colour(a)), luminance(colour(b))].sort((x, y) => y - x) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

describe('text has a contrast of 4.5 to 1 at least', () => {
  test.each([
    ['body', 'canvas'],
    ['ink', 'canvas'],
    ['muted', 'canvas'],
    ['muted', 'muted-surface'],
    ['muted', 'white'],
    ['primary', 'white'],
    ['primary', 'canvas'],
    ['primary-dark', 'white'],
    ['primary-deep', 'primary-light'],
    ['white', 'primary'],
    ['white', 'primary-dark'],
    ['white', 'ink'],
    ['white', 'danger-strong'],
    ['info', 'info-light'],
    ['success', 'success-light'],
    ['warning', 'warning-light'],
    ['danger', 'danger-light'],
  ])('%s on %s', (text, background) => expect(contrast(text, background)).toBeGreaterThanOrEqual(4.5))
})

describe('edges and drawings have a contrast of 3 to 1 at least', () => {
  test.each([
    ['line-strong', 'white'],
    ['line-strong', 'canvas'],
    ['danger-strong', 'white'],
    ['success-strong', 'white'],
    ['warning-strong', 'white'],
    ['primary', 'canvas'],
  ])('%s on %s', (edge, background) => expect(contrast(edge, background)).toBeGreaterThanOrEqual(3))
})
