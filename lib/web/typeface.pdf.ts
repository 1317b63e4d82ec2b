import { join } from 'node:path'
import { Font } from '@react-pdf/renderer'

const TYPEFACE = join(process.cwd(), 'node_modules/@fontsource/titillium-web/files')

const font = (subset: 'latin', fontWeight: 400 | 600 | 700, fontStyle: 'normal' | 'italic' = 'normal') => ({
  src: join(TYPEFACE, `titillium-web-${subset}-${fontWeight}-${fontStyle}.woff`),
  fontWeight,
  fontStyle,
})

/** The portal's typeface in documents. Words are never broken in two: names and addresses are among them. */
export function registerTypeface(): void {
  Font.register({
    family: 'Titillium Web',
    fonts: [
      font('latin', 400),
      font('latin', 600),
      font('latin', 700),
      font('latin', 400, 'italic'),
      font('latin', 600, 'italic'),
    ],
  })
  Font.registerHyphenationCallback((word) => [word])
}

export const PDF_COLOURS = { ink: '#17324d', muted: '#455b71', line: '#c5c7c9', blue: '#004d99' } as const
